import type { Random } from './random'

/** One stage of a link, as data: a link is a list of them, passed in order. */
export type ImpairmentSpec =
  | { readonly type: 'delay'; readonly ms: number }
  /** An extra delay for each packet, 0 to `maxMs`, uniform: packets overtake each other. */
  | { readonly type: 'jitter'; readonly maxMs: number }
  /** A bottleneck: so many bytes per second, and a drop-tail queue in front of it. */
  | { readonly type: 'rate'; readonly bytesPerSecond: number; readonly queuePackets: number }
  /** Each packet is lost on its own with this probability. */
  | { readonly type: 'loss'; readonly probability: number }
  /**
   * Gilbert-Elliott: in the bad state every packet is lost. `enter` is the chance that a packet finds the link
   * turned bad; a bad spell lasts `meanBurst` packets on average.
   */
  | { readonly type: 'burst-loss'; readonly enter: number; readonly meanBurst: number }
  | { readonly type: 'duplication'; readonly probability: number; readonly maxLagMs: number }
  /** Some packets are held back for a while, and the later ones pass them. */
  | { readonly type: 'reordering'; readonly probability: number; readonly byMs: number }
  /** Some packets lose their end: 1 byte up to all but one. */
  | { readonly type: 'truncation'; readonly probability: number }
  /** Some packets have one bit turned. DTLS lets no such packet through; a hostile peer can send it. */
  | { readonly type: 'corruption'; readonly probability: number }
  /** Nothing passes in between; milliseconds since the link began. */
  | { readonly type: 'outage'; readonly fromMs: number; readonly toMs: number }
  /** Packets of one type (the low half of their first byte) are lost with this probability. */
  | { readonly type: 'type-loss'; readonly packetType: number; readonly probability: number }

/** What becomes of a packet in one stage: a copy that goes on after `delayMs`. */
export interface Passage {
  readonly bytes: Uint8Array
  readonly delayMs: number
}

/**
 * A stage with its state: given a packet and the milliseconds since the link began, the copies that go on
 * (none: lost).
 */
export type Impairment = (
  bytes: Uint8Array,
  now: number,
  random: Random,
  overhead: number,
) => readonly Passage[]

const LOST: readonly Passage[] = []

export function createImpairment(spec: ImpairmentSpec): Impairment {
  switch (spec.type) {
    case 'delay':
      return (bytes) => [{ bytes, delayMs: spec.ms }]
    case 'jitter':
      return (bytes, _now, random) => [{ bytes, delayMs: random.next() * spec.maxMs }]
    case 'rate':
      return bottleneck(spec.bytesPerSecond, spec.queuePackets)
    case 'loss':
      return (bytes, _now, random) => (random.chance(spec.probability) ? LOST : pass(bytes))
    case 'burst-loss':
      return burstLoss(spec.enter, spec.meanBurst)
    case 'duplication':
      return (bytes, _now, random) =>
        random.chance(spec.probability)
          ? [...pass(bytes), { bytes, delayMs: random.next() * spec.maxLagMs }]
          : pass(bytes)
    case 'reordering':
      return (bytes, _now, random) => [{ bytes, delayMs: random.chance(spec.probability) ? spec.byMs : 0 }]
    case 'truncation':
      return (bytes, _now, random) =>
        bytes.length > 1 && random.chance(spec.probability)
          ? pass(bytes.subarray(0, 1 + random.below(bytes.length - 1)))
          : pass(bytes)
    case 'corruption':
      return (bytes, _now, random) =>
        pass(random.chance(spec.probability) ? withOneBitTurned(bytes, random) : bytes)
    case 'outage':
      return (bytes, now) => (now >= spec.fromMs && now < spec.toMs ? LOST : pass(bytes))
    case 'type-loss':
      return (bytes, _now, random) =>
        ((bytes[0] ?? 0) & 15) === spec.packetType && random.chance(spec.probability) ? LOST : pass(bytes)
  }
}

export function withOneBitTurned(bytes: Uint8Array, random: Random): Uint8Array {
  const turned = bytes.slice()
  const at = random.below(turned.length)
  turned[at] = (turned[at] ?? 0) ^ (1 << random.below(8))
  return turned
}

function pass(bytes: Uint8Array): readonly Passage[] {
  return [{ bytes, delayMs: 0 }]
}

function bottleneck(bytesPerSecond: number, queuePackets: number): Impairment {
  /** When each packet in the queue or on the wire will have left. */
  const leaving: number[] = []
  return (bytes, now, _random, overhead) => {
    while (leaving[0] !== undefined && leaving[0] <= now) leaving.shift()
    // The one on the wire is not in the queue.
    if (leaving.length > queuePackets) return LOST
    const leavesAt =
      Math.max(now, leaving.at(-1) ?? now) + (1000 * (bytes.length + overhead)) / bytesPerSecond
    leaving.push(leavesAt)
    return [{ bytes, delayMs: leavesAt - now }]
  }
}

function burstLoss(enter: number, meanBurst: number): Impairment {
  let bad = false
  return (bytes, _now, random) => {
    bad = bad ? !random.chance(1 / meanBurst) : random.chance(enter)
    return bad ? LOST : pass(bytes)
  }
}
