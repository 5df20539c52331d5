import { NO_DIGEST } from '../packet/status'
import type { Assembler } from './assembler'
import type { Resumption } from './resumption'

/** Whether what is held is the picture that was announced: its digest tells (SPEC RX6, RS6). */
export class DigestCheck {
  readonly #announced: string
  readonly #assembler: Assembler
  /** Null when nothing of the picture was here before, or when that was of no use. */
  #resumption: Resumption | null
  #asked = false
  #digest: string | null = null

  /** `announced`: the digest in the MANIFEST, 64 hex digits. */
  constructor(announced: string, assembler: Assembler, resumption: Resumption | null) {
    this.#announced = announced
    this.#assembler = assembler
    this.#resumption = resumption
  }

  get resumption(): Resumption | null {
    return this.#resumption
  }

  /** The digest of what is held is here. */
  get done(): boolean {
    return this.#digest !== null
  }

  /** 64 hex digits; zeros until it is taken. */
  get digest(): string {
    return this.#digest ?? NO_DIGEST
  }

  get exact(): boolean {
    return this.#assembler.whole && this.#digest === this.#announced
  }

  /** Every chunk is held; where some were here before, only the digest tells that they are the right ones. */
  get whole(): boolean {
    return this.#assembler.whole && (!this.#resumption || this.exact)
  }

  /** True once each time a digest of what is held is wanted: when whole, or frozen with holes. */
  poll(frozen: boolean): boolean {
    if (this.#asked || this.done) return false
    if (!this.#assembler.whole && !frozen) return false
    this.#asked = true
    return true
  }

  /**
   * The digest that was asked for is `taken`, any other `ignored`. `begun-anew`: what was here before was not of this
   * picture, nor is what was rebuilt with it; all of it is gone.
   */
  handleDigest(sha256: string): 'taken' | 'ignored' | 'begun-anew' {
    if (!this.#asked || this.done) return 'ignored'
    if (this.#resumption && this.#assembler.whole && sha256 !== this.#announced) {
      this.#assembler.clear()
      this.#resumption = null
      this.#asked = false
      return 'begun-anew'
    }
    this.#digest = sha256
    return 'taken'
  }

  /** What is held will change: its digest will be asked for again. */
  reopen(): void {
    this.#digest = null
    this.#asked = false
  }
}
