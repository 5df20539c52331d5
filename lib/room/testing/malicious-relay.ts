import type { Clock } from '@/lib/peer/clock'
import { RelayLane } from '@/lib/peer/relay-lane'
import type { LinkRelay } from '@/lib/peer/relay-use'
import {
  encodeRelayFrame,
  parseRelayClientMessage,
  parseRelayFrame,
  type RelayServerMessage,
} from '@/lib/signalling/messages'
import type { RelaySocket, RelaySocketHandlers } from '@/lib/signalling/relay-client'

import { RelayAccess, type RelayLaneHandlers } from '../relay-access'

/** One sealed packet as the server has it in its hands. */
export interface Frame {
  readonly from: string
  readonly to: string
  readonly packet: Uint8Array
}

/** What the server passes on instead of a packet; the honest one passes on the packet. */
export type FrameMeddling = (frame: Frame, all: readonly Frame[]) => readonly Frame[]

/** Test data: a relay that may meddle with what it carries. */
export class MaliciousRelay {
  readonly #sockets = new Map<string, RelaySocketHandlers>()
  readonly #tasks: (() => void)[] = []
  #queue: Frame[] = []
  /** Everything that it was ever given to carry, oldest first. */
  readonly seen: Frame[] = []
  /** What was handed to a page although it is not a packet for it from that one, for the first time. */
  wrong = 0
  /** Packets that were not handed over yet. */
  readonly #due = new Set<Frame>()
  meddle: FrameMeddling = (frame) => [frame]
  /** The newest packet is passed on first. */
  newestFirst = false

  /** A page's way to it. */
  accessOf(id: string, clock: Clock): CountedRelay {
    const access = new CountedRelay({
      openSocket: (handlers) => this.#open(id, handlers),
      ...{ clock, random: () => 0.5, onChange: () => undefined },
    })
    access.setTicket(id)
    return access
  }

  /** Passes on everything that is there; false when there was nothing. */
  settle(): boolean {
    let some = false
    for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
      some = true
      task()
    }
    for (;;) {
      const frame = this.newestFirst ? this.#queue.pop() : this.#queue.shift()
      if (!frame) return some
      some = true
      for (const each of this.meddle(frame, this.seen)) this.inject(each)
    }
  }

  /** Hands a packet to a page. */
  inject(frame: Frame): void {
    if (!this.#due.delete(frame)) this.wrong++
    this.#sockets.get(frame.to)?.onFrame(encodeRelayFrame(frame.from, frame.packet))
  }

  #open(id: string, handlers: RelaySocketHandlers): RelaySocket {
    this.#tasks.push(() => handlers.onOpen())
    return {
      bufferedAmount: 0,
      send: (data) => {
        if (typeof data !== 'string') this.#take(id, data)
        else if (parseRelayClientMessage(data)?.type === 'enter') this.#enter(id, handlers)
        else this.#say(id, { type: 'pong' })
      },
      close: () => undefined,
    }
  }

  #enter(id: string, handlers: RelaySocketHandlers): void {
    const here = [...this.#sockets.keys()]
    this.#sockets.set(id, handlers)
    this.#say(id, { type: 'entered', here })
    for (const other of here) this.#say(other, { type: 'here', id })
  }

  #say(id: string, message: RelayServerMessage): void {
    this.#tasks.push(() => this.#sockets.get(id)?.onText(JSON.stringify(message)))
  }

  #take(from: string, data: Uint8Array): void {
    const parsed = parseRelayFrame(data)
    if (!parsed) return
    const frame = { from, to: parsed.id, packet: parsed.packet.slice() }
    this.seen.push(frame)
    this.#due.add(frame)
    this.#queue.push(frame)
  }
}

/** The real one, which tells what its lanes did not open. */
export class CountedRelay extends RelayAccess {
  readonly #lanes: RelayLane[] = []

  override laneTo(peerId: string, handlers: RelayLaneHandlers): LinkRelay {
    const made = super.laneTo(peerId, handlers)
    if (made.lane instanceof RelayLane) this.#lanes.push(made.lane)
    return made
  }

  get refused(): number {
    return this.#lanes.reduce((sum, { refused }) => sum + refused, 0)
  }
}
