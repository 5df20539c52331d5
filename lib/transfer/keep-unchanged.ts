/**
 * `next`, in which all that holds the same as before is the object from before, so that whoever draws it sees by identity
 * what has changed. Plain objects and arrays are compared by what they hold, everything else by identity.
 */
export function keepUnchanged<T>(before: unknown, next: T): T {
  if (Object.is(before, next)) return next
  if (Array.isArray(next)) return Array.isArray(before) ? (keepItems(before, next) as T) : next
  return isPlain(next) && isPlain(before) ? (keepFields(before, next) as T) : next
}

function keepItems(before: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const kept = next.map((item, i) => keepUnchanged(before[i], item))
  return kept.length === before.length && kept.every((item, i) => Object.is(item, before[i])) ? before : kept
}

function keepFields(before: Fields, next: Fields): Fields {
  const kept = Object.fromEntries(
    Object.entries(next).map(([key, value]) => [key, keepUnchanged(before[key], value)]),
  )
  const keys = Object.keys(before)
  const isSame =
    keys.length === Object.keys(kept).length &&
    keys.every((key) => Object.hasOwn(kept, key) && Object.is(kept[key], before[key]))
  return isSame ? before : kept
}

type Fields = Readonly<Record<string, unknown>>

function isPlain(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
