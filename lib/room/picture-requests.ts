import { z } from 'zod'

import type { Clock } from '@/lib/peer/clock'
import type { Transfers } from '@/lib/transfer/transfers'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

/** Whoever was asked has begun to send by then, or has not heard. */
const ANSWER_WAIT_MS = 5000
/** Pictures that this page fetches at a time; the rest is asked for again by whoever wants it. */
const FETCHES_MAX = 16
/** Pictures on their way to one member on its own wish; a page that asks for more waits. */
const GIVEN_MAX = 2

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const textSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('want'), sha256 }),
  z.object({ type: z.literal('none'), sha256 }),
])

export interface PictureRequestsOptions {
  readonly clock: Clock
  readonly transfers: Pick<Transfers, 'views' | 'held' | 'send'>
  readonly sendText: (peerId: string, text: string) => boolean
  /** The member's name where it may be given this picture; else null. */
  readonly mayHave: (peerId: string, sha256: string) => string | null
}

interface Fetch {
  /** Still to be asked, best first. */
  readonly others: string[]
  asked: string | null
  cancelWait: (() => void) | null
}

/** Pictures that a member did not get from their author: it asks who has them, one after the other. */
export class PictureRequests {
  readonly #options: PictureRequestsOptions
  /** By the picture's digest. */
  readonly #fetches = new Map<string, Fetch>()

  constructor(options: PictureRequestsOptions) {
    this.#options = options
  }

  /** `holders`: who may have it, best first. */
  fetch(sha256: string, holders: readonly string[]): void {
    if (this.#fetches.has(sha256) || this.#fetches.size >= FETCHES_MAX) return
    this.#fetches.set(sha256, { others: [...holders], asked: null, cancelWait: null })
    this.#askNext(sha256)
  }

  handleText(peerId: string, text: string): void {
    const message = parse(text)
    if (message?.type === 'want') this.#give(peerId, message.sha256)
    else if (message && this.#fetches.get(message.sha256)?.asked === peerId) this.#askNext(message.sha256)
  }

  close(): void {
    for (const { cancelWait } of this.#fetches.values()) cancelWait?.()
    this.#fetches.clear()
  }

  #give(peerId: string, sha256: string): void {
    const { transfers, mayHave, sendText, clock } = this.#options
    const name = mayHave(peerId, sha256)
    const toIt = transfers.views.filter(
      ({ peerId: to, direction, report, errorCode }) =>
        to === peerId && direction === 'send' && report === null && errorCode === null,
    )
    const picture = name === null || toIt.length >= GIVEN_MAX ? null : transfers.held(sha256)
    if (name === null || !picture) sendText(peerId, JSON.stringify({ type: 'none', sha256 }))
    else transfers.send([{ id: peerId, name }], picture, 'assured', clock.now())
  }

  #askNext(sha256: string): void {
    const fetch = this.#fetches.get(sha256)
    if (!fetch) return
    fetch.cancelWait?.()
    const { clock, sendText, transfers } = this.#options
    const next = fetch.others.shift()
    if (next === undefined) {
      this.#fetches.delete(sha256)
      return
    }
    fetch.asked = next
    if (!sendText(next, JSON.stringify({ type: 'want', sha256 }))) {
      this.#askNext(sha256)
      return
    }
    const before = new Set(transfers.views.map(({ key }) => key))
    fetch.cancelWait = clock.schedule(ANSWER_WAIT_MS, () => {
      const begun = transfers.views.some(
        ({ key, peerId, direction }) => peerId === next && direction === 'receive' && !before.has(key),
      )
      if (begun) this.#fetches.delete(sha256)
      else this.#askNext(sha256)
    })
  }
}

function parse(text: string): z.output<typeof textSchema> | null {
  try {
    return textSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
