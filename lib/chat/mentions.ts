const WORD = /[\p{L}\p{M}\p{N}_]/u

/** Whether `@` and that name stand in the text; where a longer name of somebody else fits, that one is meant. */
export function isMentioned(text: string, ownName: string, otherNames: Iterable<string>): boolean {
  const own = fold(ownName)
  if (own === '' || !text.includes('@')) return false
  const longer = Array.from(otherNames, fold).filter(
    (name) => name.length > own.length && name.startsWith(own),
  )
  const folded = fold(text)
  for (let at = folded.indexOf('@'); at !== -1; at = folded.indexOf('@', at + 1)) {
    // What stands in front makes an address of it: ann@example.org.
    if (WORD.test(lastCharacter(folded, at)) || !standsAt(folded, at + 1, own)) continue
    if (!longer.some((name) => standsAt(folded, at + 1, name))) return true
  }
  return false
}

function standsAt(text: string, at: number, name: string): boolean {
  if (!text.startsWith(name, at)) return false
  const code = text.codePointAt(at + name.length)
  return code === undefined || !WORD.test(String.fromCodePoint(code))
}

/** The character that ends before `at`, also one of two halves; empty at the beginning. */
function lastCharacter(text: string, at: number): string {
  return Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? ''
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
