import type { EventLoop } from './event-loop'
import { createImpairment, type Impairment, type ImpairmentSpec } from './impairments'
import type { Random } from './random'

export interface LinkCounts {
  readonly sent: number
  /** Copies that arrived, duplicates and damaged ones included. */
  readonly arrived: number
  readonly damaged: number
  /** Packets of which no copy has arrived; those still under way are among them. */
  readonly lost: number
}

export interface LinkOptions {
  readonly loop: EventLoop
  readonly random: Random
  /** Passed in order; a function where a description does not do. */
  readonly impairments: readonly (ImpairmentSpec | Impairment)[]
}

/** What arrived: the bytes, and the packet as it was sent, for those who keep the truth. */
export interface Arrival {
  readonly bytes: Uint8Array
  readonly original: Uint8Array
  /** The bytes are those that were sent. */
  readonly intact: boolean
}

interface Flight {
  readonly original: Uint8Array
  /** Bytes that the layers below add on the wire. */
  readonly overhead: number
  readonly deliver: (arrival: Arrival) => void
  arrived: boolean
}

/** One direction of a network path, shared by all lanes that run over it: a chain of impairments. */
export class Link {
  readonly #loop: EventLoop
  readonly #random: Random
  readonly #stages: readonly Impairment[]
  readonly #startMs: number
  #sent = 0
  #arrived = 0
  #damaged = 0
  #packetsArrived = 0

  constructor({ loop, random, impairments }: LinkOptions) {
    this.#loop = loop
    this.#random = random
    this.#startMs = loop.now
    this.#stages = impairments.map((stage) => (typeof stage === 'function' ? stage : createImpairment(stage)))
  }

  get counts(): LinkCounts {
    return {
      sent: this.#sent,
      arrived: this.#arrived,
      damaged: this.#damaged,
      lost: this.#sent - this.#packetsArrived,
    }
  }

  /** Sends one packet; `bytes` must not change afterwards. */
  send(bytes: Uint8Array, deliver: (arrival: Arrival) => void, overhead = 0): void {
    this.#sent++
    this.#enter(0, bytes, { original: bytes, overhead, deliver, arrived: false })
  }

  #enter(stageIndex: number, bytes: Uint8Array, flight: Flight): void {
    const stage = this.#stages[stageIndex]
    if (!stage) {
      this.#arrive(bytes, flight)
      return
    }
    for (const passage of stage(bytes, this.#loop.now - this.#startMs, this.#random, flight.overhead)) {
      const onwards = () => this.#enter(stageIndex + 1, passage.bytes, flight)
      if (passage.delayMs > 0) this.#loop.schedule(this.#loop.now + passage.delayMs, onwards)
      else onwards()
    }
  }

  #arrive(bytes: Uint8Array, flight: Flight): void {
    this.#arrived++
    if (!flight.arrived) this.#packetsArrived++
    flight.arrived = true
    const intact = isSame(bytes, flight.original)
    if (!intact) this.#damaged++
    flight.deliver({ bytes, original: flight.original, intact })
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
