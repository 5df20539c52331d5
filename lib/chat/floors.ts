import { FLOOR_DOUBTED_MS, FLOOR_WAIT_MS } from './limits'
import type { PeerState } from './peer-state'
import { keyOf, type Stream } from './stream'

/** Who says that the beginning of a stream is gone, and where what they have begins. */
interface Floor {
  readonly stream: Stream
  readonly sinceMs: number
  dueAtMs: number
  /** Where the stream stood here. */
  readonly next: number
  readonly told: Map<string, number>
}

/** A stream whose beginning is to be had nowhere, and where what can be had begins. */
export interface Skip {
  readonly stream: Stream
  readonly next: number
}

/**
 * Beginnings of streams that peers no longer have (SPEC CH8). One is left out when it has to be: only up to an entry
 * that is here, signed by its author, and while somebody else seems to have what is missing, only after a long wait.
 * A lie gains nothing.
 */
export class Floors {
  /** By stream. */
  readonly #floors = new Map<string, Floor>()

  /** A peer has nothing of this stream before `next`. */
  handleFloor(peer: string, stream: Stream, next: number, now: number): void {
    if (stream.next >= next) return
    const key = keyOf(stream.author, stream.id)
    const floor = this.#floors.get(key) ?? {
      ...{ stream, sinceMs: now, dueAtMs: now + FLOOR_WAIT_MS, next: stream.next },
      told: new Map<string, number>(),
    }
    floor.told.set(peer, next)
    this.#floors.set(key, floor)
  }

  /** What is to be left out now, given who is here. */
  pollSkips(peers: readonly Pick<PeerState, 'peer' | 'hasOf'>[], now: number): Skip[] {
    const skips: Skip[] = []
    for (const [key, floor] of this.#floors) {
      if (now < floor.dueAtMs) continue
      const { stream, told, sinceMs } = floor
      const next = Math.min(...[...told.values()].filter((each) => stream.held.has(each)))
      // It went on by itself, or nothing follows: whoever still means it says so again.
      const isOver = stream.next > floor.next || next === Infinity
      const isDoubted = peers.some(
        (state) => !told.has(state.peer) && state.hasOf(stream.author, stream.id) > stream.next,
      )
      if (!isOver && isDoubted && now < sinceMs + FLOOR_DOUBTED_MS) {
        floor.dueAtMs = now + FLOOR_WAIT_MS
        continue
      }
      this.#floors.delete(key)
      if (!isOver) skips.push({ stream, next })
    }
    return skips
  }

  /** When `pollSkips` is due; Infinity for never. */
  pollTimeout(): number {
    return Math.min(Infinity, ...[...this.#floors.values()].map(({ dueAtMs }) => dueAtMs))
  }
}
