import { z } from 'zod'

import { ROLES } from './messages'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

const placeSchema = z.object({
  token: z.string(),
  room: z.string(),
  /** As it was asked for; the room may know us as `ANNA (2)`. */
  name: z.string(),
  role: z.enum(ROLES),
})

/** What a tab has to remember to come back to its place in a room after a reload. */
export type StoredPlace = z.output<typeof placeSchema>

/** Where it remembers it: sessionStorage in a page, so that each tab has its own. */
export interface TokenStore {
  load(): StoredPlace | null
  save(place: StoredPlace): void
  clear(): void
}

/** Reads a stored place, whatever an older version or another script may have left there. */
export function parseStoredPlace(text: string | null): StoredPlace | null {
  if (text === null) return null
  try {
    return placeSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
