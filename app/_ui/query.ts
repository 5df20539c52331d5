/** What Next hands a page as its query. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>

/** The first value of a parameter, trimmed; null when it is missing or empty. */
export function firstOf(value: Query[string]): string | null {
  const first = typeof value === 'string' ? value : value?.[0]
  const trimmed = first?.trim() ?? ''
  return trimmed === '' ? null : trimmed
}
