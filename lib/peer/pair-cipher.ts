/** Seals what travels between this page and one peer by way of a server that must not read it. */
export interface PairCipher {
  seal(plain: Uint8Array): Uint8Array
  /** null: not from the other end, altered, replayed or too old. */
  open(sealed: Uint8Array): Uint8Array | null
}
