/** Crockford's base32: no I, L, O or U, so a code survives being read out and typed. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 10 symbols of 5 bits are 50 bits: at 60 guesses a minute a room stays unfound for longer than it lives. */
export const ROOM_CODE_SYMBOLS = 10
const GROUP_SYMBOLS = 5
const CANONICAL = new RegExp(`^[${ALPHABET}]{5}-[${ALPHABET}]{5}$`)

/** Whitespace, and every dash that a phone's keyboard or a word processor puts between groups. */
const SEPARATORS = /[\s\p{Pd}\u2212_.]/gu

/** Longer input is no code in any spelling; it is not even looked at. */
const INPUT_MAX_CHARS = 64

/**
 * Reads a room code in any spelling: any case, spaces and dashes anywhere, O for 0, I and L for 1.
 * Returns the canonical `XXXXX-XXXXX`, or null.
 */
export function parseRoomCode(input: string): string | null {
  if (input.length > INPUT_MAX_CHARS) return null
  const symbols = input.replace(SEPARATORS, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')
  const code = group(symbols)
  return CANONICAL.test(code) ? code : null
}

/** Makes a canonical code from at least `ROOM_CODE_SYMBOLS` random bytes (5 bits of each are used). */
export function roomCodeFrom(random: Uint8Array): string {
  if (random.length < ROOM_CODE_SYMBOLS) throw new RangeError('a room code needs ten random bytes')
  let symbols = ''
  for (const byte of random.subarray(0, ROOM_CODE_SYMBOLS)) symbols += ALPHABET.charAt(byte & 31)
  return group(symbols)
}

function group(symbols: string): string {
  return `${symbols.slice(0, GROUP_SYMBOLS)}-${symbols.slice(GROUP_SYMBOLS)}`
}
