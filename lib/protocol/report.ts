import { CHUNK_BYTES } from './constants'

/**
 * How a picture is carried. Classic: one pass, no repair. Repair: rounds until exact. Assured: several lanes, an erasure
 * code and a rate of its own.
 */
export type TransferMode = 'classic' | 'repair' | 'assured'

/** What carries data packets: browser to browser, through a TURN server, or sealed through our own server. */
export type CarryingPath = 'direct' | 'turn' | 'relay'

/** The picture types that Shoal carries. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp'

/**
 * The loss report: the one record that both pages show and export (SPEC, Counting).
 * Times are epoch milliseconds: `startedAtMs` on the sender's clock, the others on the receiver's,
 * so differences between the two mean something only where both clocks are one.
 */
export interface TransferReport {
  /** 16 hex digits, chosen at random by the sender. */
  readonly transferId: string
  readonly name: string
  readonly type: ImageType
  /** Bytes of the whole picture. */
  readonly bytes: number
  /** Pixels, as the picture is meant to be seen (after EXIF orientation). */
  readonly width: number
  readonly height: number
  /** Lower-case hex SHA-256 of the bytes the receiver holds; holes count as zero bytes. */
  readonly sha256: string
  /** The receiver's own digest equals the announced one. */
  readonly exact: boolean
  readonly mode: TransferMode
  /** Data packets transmitted, each transmission counted once (its packet number is its own). */
  readonly packetsSent: number
  /** Distinct packet numbers that arrived before the count was frozen. */
  readonly packetsReceived: number
  /** packetsSent - packetsReceived. */
  readonly packetsLost: number
  /** 100 * packetsLost / packetsSent; 0 when nothing was sent. */
  readonly lossPercent: number
  /** 100 * packetsReceived / packetsSent; 100 when nothing was sent. */
  readonly successPercent: number
  /** Arrivals of a packet number that had arrived before. */
  readonly duplicates: number
  /** Data packets that arrived after the count was frozen. */
  readonly lateAfterFreeze: number
  /** Chunks that were filled by a repair round. */
  readonly repaired: number
  readonly repairRounds: number
  /**
   * Chunks that the receiver had from an earlier transfer of the same picture when this one began; no packet of
   * this transfer carried them.
   */
  readonly resumed: number
  /** Payload bytes of the distinct packets received, repeats of a chunk included. */
  readonly bytesReceived: number
  /** The sender's click on Send. */
  readonly startedAtMs: number
  /** Arrival of the first data packet; equals completedAtMs when none arrived. */
  readonly firstPacketAtMs: number
  /** When the last missing chunk arrived, or when the count was frozen with chunks missing. */
  readonly completedAtMs: number
  /** Picture bytes held that this transfer carried / seconds from firstPacketAtMs to completedAtMs (at least 1 ms). */
  readonly goodputBytesPerSecond: number
  /** Lanes that carried at least one data packet; 0 when the sender's last word never came (also below). */
  readonly lanes: number
  /** What carried the most data bytes; null when not known. */
  readonly path: CarryingPath | null
  /** Bytes of the data packets that went through the relay of our own server. */
  readonly relayedBytes: number
  /** Payload bytes of all data packets sent / bytes of the picture. */
  readonly overheadRatio: number
  /** Assured: data packets that carried a coded symbol rather than a chunk. */
  readonly codedPacketsSent: number
  /** Assured: chunks rebuilt by the code. Their packets stay lost. */
  readonly recovered: number
  /** Assured: packets under way when the sender heard that the picture is whole: sent, never needed. */
  readonly inFlightAtEnd: number
  /** When something of the picture could first be seen, receiver's clock; null when it was complete before. */
  readonly previewAtMs: number | null
  /** Assured: the least round trip of this path so far; null in the other modes, which measure none. */
  readonly minRttMs: number | null
  /** Assured: 95th percentile of the packets' one-way delay above the path's least; null in the other modes. */
  readonly queueDelayMsP95: number | null
}

/** What the report needs of the announcement. */
type Announced = Pick<TransferReport, 'name' | 'type' | 'bytes' | 'width' | 'height' | 'mode' | 'startedAtMs'>

/** The receiver's counts, as its final REPORT packet carries them. */
type Counted = Pick<
  TransferReport,
  | 'sha256'
  | 'exact'
  | 'packetsSent'
  | 'packetsReceived'
  | 'duplicates'
  | 'lateAfterFreeze'
  | 'repaired'
  | 'repairRounds'
  | 'resumed'
  | 'bytesReceived'
  | 'firstPacketAtMs'
  | 'completedAtMs'
  | 'recovered'
  | 'previewAtMs'
  | 'queueDelayMsP95'
> & { readonly chunksHeld: number }

/** The sender's own part, as END carries it. */
type Accounted = Pick<
  TransferReport,
  'lanes' | 'path' | 'relayedBytes' | 'codedPacketsSent' | 'inFlightAtEnd' | 'minRttMs'
> & { readonly bytesSent: number }

/** Goodput over less than this would say more about the clock than about the link. */
const GOODPUT_SPAN_MIN_MS = 1

/** The one place where a report is made, on both pages (SPEC CT6). */
export function buildReport(
  transferId: string,
  announced: Announced,
  counted: Counted,
  accounted: Accounted,
): TransferReport {
  const { name, type, bytes, width, height, mode, startedAtMs } = announced
  const { packetsSent, packetsReceived, firstPacketAtMs, completedAtMs } = counted
  const packetsLost = packetsSent - packetsReceived
  const spanMs = Math.max(completedAtMs - firstPacketAtMs, GOODPUT_SPAN_MIN_MS)
  // The last chunk is short and may be the one that is missing: never more than what came.
  const carried = counted.chunksHeld - counted.resumed
  const heldBytes = Math.min(bytes, carried * CHUNK_BYTES, counted.bytesReceived)
  return {
    transferId,
    name,
    type,
    bytes,
    width,
    height,
    sha256: counted.sha256,
    exact: counted.exact,
    mode,
    packetsSent,
    packetsReceived,
    packetsLost,
    lossPercent: percent(packetsLost, packetsSent, 0),
    successPercent: percent(packetsReceived, packetsSent, 100),
    duplicates: counted.duplicates,
    lateAfterFreeze: counted.lateAfterFreeze,
    repaired: counted.repaired,
    repairRounds: counted.repairRounds,
    resumed: counted.resumed,
    bytesReceived: counted.bytesReceived,
    startedAtMs,
    firstPacketAtMs,
    completedAtMs,
    goodputBytesPerSecond: (heldBytes * 1000) / spanMs,
    lanes: accounted.lanes,
    path: accounted.path,
    relayedBytes: accounted.relayedBytes,
    overheadRatio: accounted.bytesSent / bytes,
    codedPacketsSent: accounted.codedPacketsSent,
    recovered: counted.recovered,
    inFlightAtEnd: accounted.inFlightAtEnd,
    previewAtMs: counted.previewAtMs,
    minRttMs: accounted.minRttMs,
    queueDelayMsP95: counted.queueDelayMsP95,
  }
}

function percent(part: number, whole: number, ofNothing: number): number {
  return whole === 0 ? ofNothing : (100 * part) / whole
}
