import { z } from 'zod'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

const BROWSER_MAX_CHARS = 500

const helloSchema = z.strictObject({
  type: z.literal('hello'),
  /** Of everything that the two pages tell each other. */
  version: z.literal(1),
  /** As it calls itself. */
  browser: z.string().max(BROWSER_MAX_CHARS),
})

/** What a receiving device begins with. */
export type Hello = z.output<typeof helloSchema>

export function encodeHello(userAgent: string): string {
  const hello: Hello = { type: 'hello', version: 1, browser: userAgent.slice(0, BROWSER_MAX_CHARS) }
  return JSON.stringify(hello)
}

/** Null for anything else; never throws. */
export function parseHello(text: string): Hello | null {
  try {
    return helloSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** The answer where another device receives already. */
export const TAKEN = JSON.stringify({ type: 'taken' })
