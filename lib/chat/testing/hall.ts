import type { EventLoop } from '@/lib/sim/event-loop'
import type { Random } from '@/lib/sim/random'

import { authorOf, testCrypto } from './devices'
import { ChatReplica, type ChatReplicaOptions } from '../replica'

export const ROOM = 'K7QM3-XTR9B'

/** One page of one device: its copy of the chat, driven by simulated time. */
export class Page {
  readonly author: string
  readonly id: string
  readonly replica: ChatReplica
  readonly stored = new Map<string, string>()
  online = false
  #cancel: (() => void) | null = null

  constructor(
    readonly hall: Hall,
    readonly index: number,
    load: number,
    changes: Partial<ChatReplicaOptions> = {},
  ) {
    this.author = authorOf(index)
    this.id = `p${index}-${load}`
    this.replica = new ChatReplica({
      room: ROOM,
      author: this.author,
      crypto: testCrypto(this.author),
      newStream: () => hall.newStream(),
      random: () => hall.random.next(),
      name: () => `N${index}`,
      ...changes,
    })
  }

  get texts(): string[] {
    return this.replica.state.messages.flatMap(({ body, deleted }) =>
      deleted || body.type !== 'text' ? [] : [body.text],
    )
  }

  say(text: string, to: string | null = null): string | null {
    const id = this.replica.send({ text }, to, this.hall.loop.now)
    this.pump()
    return id
  }

  pump(): void {
    const { loop } = this.hall
    for (let out = this.replica.pollSend(); out; out = this.replica.pollSend()) this.hall.carry(this, out)
    for (const { id, text } of this.replica.pollStored()) this.stored.set(id, text)
    this.#cancel?.()
    const due = this.replica.pollTimeout()
    this.#cancel =
      due === null
        ? null
        : loop.schedule(Math.max(due, loop.now), () => {
            this.replica.handleTimeout(loop.now)
            this.pump()
          })
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = null
  }
}

/** Pages that hear each other as far as the test lets them: texts are lost, late, and cut off. */
export class Hall {
  readonly pages: Page[] = []
  /** Every text that is lost, 0 to 1. */
  loss = 0
  carried = 0
  /** The characters of those. */
  chars = 0
  #streams = 0
  /** Groups that do not hear each other, by page index. */
  side: (index: number) => number = () => 0

  constructor(
    readonly loop: EventLoop,
    readonly random: Random,
  ) {}

  newStream(): string {
    return (++this.#streams).toString(16).padStart(16, '0')
  }

  page(index: number): Page | undefined {
    return this.pages.find((page) => page.index === index && page.online)
  }

  join(page: Page): void {
    this.pages.push(page)
    page.online = true
    this.meet()
  }

  leave(page: Page): void {
    page.online = false
    page.stop()
    for (const other of this.pages) {
      other.replica.handlePeerLeft(page.id)
      page.replica.handlePeerLeft(other.id)
    }
    this.pages.splice(this.pages.indexOf(page), 1)
  }

  /** Whoever can hear each other now does; the others are gone for each other. */
  meet(): void {
    const { now } = this.loop
    for (const a of this.pages) {
      for (const b of this.pages) {
        if (a === b || a.author === b.author) continue
        const hears = this.side(a.index) === this.side(b.index)
        const known = this.#met.has(`${a.id}>${b.id}`)
        if (hears && !known) {
          this.#met.add(`${a.id}>${b.id}`)
          a.replica.handlePeerJoined(b.id, b.author, `N${b.index}`, now)
        } else if (!hears && known) {
          this.#met.delete(`${a.id}>${b.id}`)
          a.replica.handlePeerLeft(b.id)
        }
      }
    }
    for (const page of this.pages) page.pump()
  }

  carry(from: Page, { peer, text }: { readonly peer: string; readonly text: string }): void {
    const to = this.pages.find((page) => page.id === peer)
    this.carried++
    this.chars += text.length
    if (!to || this.side(from.index) !== this.side(to.index) || this.random.chance(this.loss)) return
    const delay = 5 + this.random.below(200)
    this.loop.schedule(this.loop.now + delay, () => {
      if (!to.online || !from.online || this.side(from.index) !== this.side(to.index)) return
      to.replica.handleText(from.id, text, this.loop.now)
      to.pump()
    })
  }

  readonly #met = new Set<string>()
}
