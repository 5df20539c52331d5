/**
 * The hues of members, degrees in OKLCH; app/globals.css gives them the lightness and the chroma at which each is
 * read on every ground of either theme. Eleven: more could not be told apart.
 */
export const MEMBER_HUES = [15, 45, 75, 110, 140, 165, 200, 235, 265, 300, 335] as const

/** The same hue for the same member on every page and in every room: from its device, else from its place. */
export function memberHue(identity: string): number {
  // FNV-1a, 32 bits: identities are random already, but places are not.
  let hash = 0x811c9dc5
  for (let index = 0; index < identity.length; index++) {
    hash = Math.imul(hash ^ identity.charCodeAt(index), 0x01000193)
  }
  return MEMBER_HUES[(hash >>> 0) % MEMBER_HUES.length] ?? MEMBER_HUES[0]
}

/** One or two letters for a round sign with a name; the first whole characters of its first and last word. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}\p{Extended_Pictographic}]+/u).filter((word) => word !== '')
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  const initials = ends.map((word) => (word === undefined ? '' : (Array.from(word)[0] ?? '')))
  return initials.join('').toUpperCase() || '·'
}
