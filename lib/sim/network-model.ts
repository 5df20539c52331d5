import { Histogram } from './histogram'
import type { Impairment } from './impairments'
import { burstChances, type Bursts, type NetworkSettings } from './network-settings'
import { Random } from './random'

/** What became of the packets of one direction. */
export interface NetworkCounts {
  readonly packetsIn: number
  /** With the headers that were counted on the way in. */
  readonly bytesIn: number
  /** On their own. */
  readonly lostByChance: number
  /** In the link's bad state. */
  readonly lostInBursts: number
  readonly droppedByQueue: number
  /** Delayed by `reorderByMs`; how many were overtaken is seen where they come out. */
  readonly heldBack: number
  readonly duplicated: number
  /** Most packets that waited. */
  readonly queueHighPackets: number
}

/** How a copy travels after the bottleneck. */
interface Way {
  /** 0 to 1, of the most jitter there is. */
  readonly jitter: number
  readonly held: boolean
}

/** No copy comes out. */
const LOST: readonly number[] = []

/**
 * One direction of a network: says of each packet when it comes out. The one model of a link, in simulated time and in
 * the emulator. Loss comes before the queue, as netem and e2e/link have it: what is lost uses up no rate.
 *
 * Each kind of chance has numbers of its own, drawn for every packet whatever the settings: with the same seed the same
 * packets are lost whether there is jitter or not, and those lost at 5 % are among those lost at 10 %.
 */
export class NetworkModel {
  readonly queueDelay = new Histogram()
  #settings: NetworkSettings
  #chances: Chances
  #bad = false
  readonly #bottleneck = new Bottleneck()
  #latestDueMs = -Infinity
  #counts = {
    ...{ packetsIn: 0, bytesIn: 0, lostByChance: 0, lostInBursts: 0, droppedByQueue: 0 },
    ...{ heldBack: 0, duplicated: 0, queueHighPackets: 0 },
  }

  /** Any integer as seed; the same one loses the same packets. */
  constructor(settings: NetworkSettings, seed: number) {
    this.#chances = chancesOf(seed)
    this.#settings = settings
    this.#bad = this.#chances.state.chance(settings.bursts?.share ?? 0)
  }

  get settings(): NetworkSettings {
    return this.#settings
  }

  get counts(): NetworkCounts {
    return { ...this.#counts }
  }

  /**
   * For packets that come from now on; what is in the queue or on the wire stays as it was planned. With a seed the
   * chances begin anew, as those of a new model with it.
   */
  change(settings: NetworkSettings, seed?: number): void {
    this.#settings = settings
    if (seed === undefined) return
    this.#chances = chancesOf(seed)
    this.#bad = this.#chances.state.chance(settings.bursts?.share ?? 0)
  }

  /** A packet of so many bytes comes in at `now`, ms; when its copies come out, on the same clock: none if it is lost. */
  handlePacket(bytes: number, now: number): readonly number[] {
    const { duplicateShare } = this.#settings
    this.#counts.packetsIn++
    this.#counts.bytesIn += bytes
    // All chances are drawn before anything is decided: see above.
    const way = this.#drawWay()
    const copysWay = this.#drawWay()
    const isTwice = this.#chances.copy.chance(duplicateShare)
    if (this.#isLost()) return LOST
    const leavesAtMs = this.#queue(bytes, now)
    if (leavesAtMs === null) return LOST
    const dueMs = this.#dueAt(leavesAtMs, way)
    if (!isTwice) return [dueMs]
    this.#counts.duplicated++
    return [dueMs, this.#dueAt(leavesAtMs, copysWay)]
  }

  #isLost(): boolean {
    const { loss, bursts } = this.#settings
    const inBurst = this.#isInBurst(bursts)
    const alone = this.#chances.loss.chance(loss)
    if (inBurst) this.#counts.lostInBursts++
    else if (alone) this.#counts.lostByChance++
    return inBurst || alone
  }

  #isInBurst(bursts: Bursts | null): boolean {
    const { enter, leave } = bursts ? burstChances(bursts) : { enter: 0, leave: 1 }
    const lost = this.#chances.burst.chance(bursts?.loss ?? 0) && this.#bad
    const turned = this.#chances.state.next()
    this.#bad = this.#bad ? turned >= leave : turned < enter
    return lost
  }

  #queue(bytes: number, now: number): number | null {
    const { bytesPerSecond, queuePackets, queueBytes } = this.#settings
    if (bytesPerSecond === null) {
      this.queueDelay.add(0)
      return now
    }
    const sent = this.#bottleneck.send(bytes, now, bytesPerSecond, {
      packets: queuePackets ?? Infinity,
      bytes: queueBytes ?? Infinity,
    })
    if (!sent) {
      this.#counts.droppedByQueue++
      return null
    }
    this.queueDelay.add(sent.startsAtMs - now)
    this.#counts.queueHighPackets = Math.max(this.#counts.queueHighPackets, this.#bottleneck.waiting)
    return sent.leavesAtMs
  }

  #drawWay(): Way {
    const { jitter, reorder } = this.#chances
    return { jitter: jitter.next(), held: reorder.chance(this.#settings.reorderShare) }
  }

  #dueAt(leavesAtMs: number, { jitter, held }: Way): number {
    const { delayMs, jitterMs, jitterReorders, reorderByMs } = this.#settings
    let dueMs = leavesAtMs + delayMs + jitter * jitterMs
    if (held) {
      // It stands aside: those behind it do not wait for it.
      this.#counts.heldBack++
      return dueMs + reorderByMs
    }
    if (!jitterReorders) dueMs = Math.max(dueMs, this.#latestDueMs)
    this.#latestDueMs = Math.max(dueMs, this.#latestDueMs)
    return dueMs
  }
}

type Chances = { readonly [kind in 'loss' | 'state' | 'burst' | 'jitter' | 'reorder' | 'copy']: Random }

function chancesOf(seed: number): Chances {
  const random = new Random(seed)
  return {
    loss: random.fork(),
    state: random.fork(),
    burst: random.fork(),
    jitter: random.fork(),
    reorder: random.fork(),
    copy: random.fork(),
  }
}

/** The model as a stage of a simulated link; it draws from its own seed. */
export function networkStage(model: NetworkModel): Impairment {
  return (bytes, now, _random, overhead) =>
    model.handlePacket(bytes.length + overhead, now).map((dueMs) => ({ bytes, delayMs: dueMs - now }))
}

interface Waiting {
  readonly startsAtMs: number
  readonly bytes: number
}

/** Sends one packet after the other; the one that is being sent is not in the queue. */
class Bottleneck {
  #freeAtMs = -Infinity
  /** Those that have not begun to be sent, from `#first` on. */
  #queue: Waiting[] = []
  #first = 0
  #bytes = 0

  get waiting(): number {
    return this.#queue.length - this.#first
  }

  send(
    bytes: number,
    now: number,
    bytesPerSecond: number,
    limit: { readonly packets: number; readonly bytes: number },
  ): { readonly startsAtMs: number; readonly leavesAtMs: number } | null {
    this.#forget(now)
    const startsAtMs = Math.max(now, this.#freeAtMs)
    if (startsAtMs > now) {
      if (this.waiting >= limit.packets || this.#bytes + bytes > limit.bytes) return null
      this.#queue.push({ startsAtMs, bytes })
      this.#bytes += bytes
    }
    this.#freeAtMs = startsAtMs + (1000 * bytes) / bytesPerSecond
    return { startsAtMs, leavesAtMs: this.#freeAtMs }
  }

  #forget(now: number): void {
    for (;;) {
      const next = this.#queue[this.#first]
      if (!next || next.startsAtMs > now) break
      this.#bytes -= next.bytes
      this.#first++
    }
    // Half of it is gone: cheaper than to move all others with each one.
    if (2 * this.#first < this.#queue.length) return
    this.#queue = this.#queue.slice(this.#first)
    this.#first = 0
  }
}
