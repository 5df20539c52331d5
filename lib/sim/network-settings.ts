/** Spells of loss (Gilbert 1960, Elliott 1963): a link in one of two states, which turns from packet to packet. */
export interface Bursts {
  /** Share of the packets that find the link in its bad state, 0 up to, not including, 1. */
  readonly share: number
  /** Mean length of a bad spell, packets; at least 1. */
  readonly meanPackets: number
  /** Chance to be lost in the bad state, 0 to 1; Gilbert's own model has 1. */
  readonly loss: number
}

/** One direction of an emulated network, in the order in which a packet meets it. */
export interface NetworkSettings {
  /** Chance of each packet to be lost on its own, 0 to 1. */
  readonly loss: number
  /** Lost in spells, beside those that are lost on their own. */
  readonly bursts: Bursts | null
  /** What the bottleneck sends, IP headers included; null: no bottleneck, and so no queue. */
  readonly bytesPerSecond: number | null
  /** Drop-tail: so many packets and bytes wait behind the one that is being sent; null: without bound. */
  readonly queuePackets: number | null
  readonly queueBytes: number | null
  /** One way, for every packet. */
  readonly delayMs: number
  /** More delay for each packet, 0 up to this, uniform. */
  readonly jitterMs: number
  /** Whether a packet with less jitter overtakes one with more; if not it comes out at the same moment. */
  readonly jitterReorders: boolean
  /** So large a share is held back by so much more, and packets behind it pass. */
  readonly reorderShare: number
  readonly reorderByMs: number
  /** Share of the packets that come out twice, each copy with a jitter of its own. */
  readonly duplicateShare: number
}

/** What comes in goes out, at once. */
export const PERFECT_NETWORK: NetworkSettings = {
  loss: 0,
  bursts: null,
  bytesPerSecond: null,
  queuePackets: null,
  queueBytes: null,
  delayMs: 0,
  jitterMs: 0,
  jitterReorders: false,
  reorderShare: 0,
  reorderByMs: 0,
  duplicateShare: 0,
}

/** What IPv4 and UDP put before each datagram's payload: both rate and queue count IP packets. */
export const IP_UDP_HEADER_BYTES = 20 + 8

/** Chance per packet to turn bad and to turn good again. */
export function burstChances({ share, meanPackets }: Bursts): {
  readonly enter: number
  readonly leave: number
} {
  const leave = 1 / meanPackets
  return { enter: Math.min(1, (share * leave) / (1 - share)), leave }
}

/** Share of the packets that get lost by chance, in spells and on their own; the queue's drops come on top. */
export function expectedLoss({ loss, bursts }: NetworkSettings): number {
  return 1 - (1 - loss) * (1 - burstLoss(bursts))
}

/**
 * The standard error of the share lost by chance among so many packets. Losses in spells are correlated: packets
 * that are k apart by c^k with c = 1 - enter - leave, which sums up to c / (1 - c) over all k.
 */
export function lossStandardError(settings: NetworkSettings, packets: number): number {
  const { loss, bursts } = settings
  const lost = expectedLoss(settings)
  let variance = lost * (1 - lost)
  if (bursts) {
    const { enter, leave } = burstChances(bursts)
    const correlation = 1 - enter - leave
    const between = ((1 - loss) * bursts.loss) ** 2 * bursts.share * (1 - bursts.share)
    variance += (2 * between * correlation) / (1 - correlation)
  }
  return Math.sqrt(variance / packets)
}

function burstLoss(bursts: Bursts | null): number {
  return bursts ? bursts.share * bursts.loss : 0
}
