import { setTimeout as pause } from 'node:timers/promises'

/** False when it fails, or is not done in time; it then goes on by itself. */
export async function isDone(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const limit = new AbortController()
  const late = pause(limitMs, false, { signal: limit.signal }).catch(() => false)
  const done = work.then(
    () => true,
    () => false,
  )
  const result = await Promise.race([done, late])
  limit.abort()
  return result
}
