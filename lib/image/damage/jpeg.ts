import { isFrameHeader, isRestart, JPEG, nextSegment, uint16 } from '../formats/jpeg-segments'
import type { EntryNoter } from '../holes/entry-noter'
import type { DamageReason } from './damage'
import type { HuffmanTable } from './huffman'
import { buildHuffmanTable } from './huffman'
import type { Frame } from './jpeg-frame'
import { newTables, readFrame, readScanHeader } from './jpeg-frame'
import { walkScan } from './jpeg-scan'

/**
 * Follows the first picture of the file from marker to marker up to its end (EOI), and every scan code by
 * code: the walk of a decoder without its arithmetic. Kinds of JPEG that browsers do not show either
 * (arithmetic coding, lossless, 12 bits) are followed by their markers only. `noter` takes notes on the way.
 */
export function findJpegDamage(bytes: Uint8Array, noter: EntryNoter | null = null): DamageReason | null {
  const tables = newTables()
  let frame: Frame | null = null
  let scans = 0

  for (let offset = 2; ;) {
    const segment = nextSegment(bytes, offset)
    if (segment === null) return 'truncated'
    if (segment.strayBytes > 0) return 'bad-structure'
    offset = segment.next
    const { marker, payload } = segment
    noter?.handleSegment(marker, payload)

    if (marker === JPEG.EOI) return scans > 0 ? null : 'bad-structure'
    if (marker === JPEG.SOI || isRestart(marker)) return 'bad-structure'
    if (isFrameHeader(marker)) {
      if (frame !== null) return 'bad-structure'
      frame = readFrame(marker, payload)
      if (frame === null) return 'bad-structure'
    } else if (marker === JPEG.DHT) {
      if (!readHuffmanTables(payload, tables.huffman)) return 'bad-structure'
    } else if (marker === JPEG.DQT) {
      readQuantisation(payload, tables.dcStep)
    } else if (marker === JPEG.DRI) {
      tables.restartInterval = uint16(payload, 0)
    } else if (marker === JPEG.SOS) {
      if (frame === null) return 'bad-structure'
      const scan = readScanHeader(payload, frame)
      if (scan === null) return 'bad-structure'
      const isNoted = noter?.handleScan(offset, frame, scan) ?? false
      const end = walkScan(bytes, offset, frame, scan, tables, isNoted ? noter : null)
      if (typeof end === 'string') return end
      offset = end
      scans++
    }
  }
}

/** One DHT segment may hold several tables (T.81, B.2.4.2). Slots 0 to 3 are DC, 4 to 7 AC. */
export function readHuffmanTables(payload: Uint8Array, slots: (HuffmanTable | null)[]): boolean {
  for (let at = 0; at < payload.length;) {
    const id = payload[at] ?? 0
    const counts = payload.subarray(at + 1, at + 17)
    const total = counts.reduce((sum, count) => sum + count, 0)
    const end = at + 17 + total
    if ((id & 0x0f) > 3 || id >> 4 > 1 || counts.length < 16 || end > payload.length) return false
    const table = buildHuffmanTable(counts, payload.subarray(at + 17, end))
    if (table === null) return false
    slots[(id >> 4) * 4 + (id & 0x0f)] = table
    at = end
  }
  return true
}

/** Keeps the step of the DC coefficient only (T.81, B.2.4.1). */
export function readQuantisation(payload: Uint8Array, dcStep: number[]): void {
  for (let at = 0; at < payload.length;) {
    const id = payload[at] ?? 0
    const isWide = id >> 4 !== 0
    dcStep[id & 0x03] = isWide ? uint16(payload, at + 1) : (payload[at + 1] ?? 0)
    at += 1 + (isWide ? 128 : 64)
  }
}
