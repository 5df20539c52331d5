import { readHuffmanTables, readQuantisation } from '../damage/jpeg'
import {
  type Frame,
  newTables,
  readFrame,
  readScanHeader,
  type Scan,
  type Tables,
} from '../damage/jpeg-frame'
import { isFrameHeader, JPEG, type JpegSegment, nextSegment, uint16 } from '../formats/jpeg-segments'
import { isIndexable } from './entry-noter'
import type { ColourModel } from './ground'
import { type HuffmanCodes, codesOf, type TableSpec, withSymbols } from './huffman-encoder'

/** A JPEG's build, read from the head of its index. */
export interface JpegLayout {
  readonly frame: Frame
  readonly scan: Scan
  readonly tables: Tables
  /** Pixels as stored. */
  readonly width: number
  readonly height: number
  readonly model: ColourModel
  /** Units (MCUs) of the scan, across and down, and the pixels of one. */
  readonly unitsAcross: number
  readonly unitsDown: number
  readonly unitWidth: number
  readonly unitHeight: number
  /** All segments from behind SOI up to the scan, with tables that have a code for whatever fills a hole. */
  readonly segments: readonly Uint8Array[]
  /** By the slots of `Tables.huffman`. */
  readonly codes: readonly (HuffmanCodes | null)[]
}

/** Every size of a DC difference; an empty rest of a block. */
const DC_SYMBOLS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const AC_SYMBOLS = [0]
const SLOTS = 8
const FIRST_AC_SLOT = 4

/** Null when the segments, which are a stranger's, describe no baseline picture of one scan. Never throws. */
export function readLayout(bytes: Uint8Array): JpegLayout | null {
  const tables = newTables()
  const specs = new Array<TableSpec | null>(SLOTS).fill(null)
  const kept: Uint8Array[] = []
  let frame: { readonly data: Frame; readonly segment: JpegSegment } | null = null
  let adobeTransform: number | null = null

  for (let offset = 0; ;) {
    const segment = nextSegment(bytes, offset)
    if (segment === null || segment.strayBytes > 0) return null
    const { marker, payload, next } = segment
    const whole = bytes.subarray(offset, next)
    offset = next
    if (isFrameHeader(marker)) {
      const data: Frame | null = frame === null ? readFrame(marker, payload) : null
      if (data === null) return null
      frame = { data, segment }
    } else if (marker === JPEG.DHT) {
      if (!readHuffmanTables(payload, tables.huffman) || !readSpecs(payload, specs)) return null
      continue
    } else if (marker === JPEG.DQT) readQuantisation(payload, tables.dcStep)
    else if (marker === JPEG.DRI) tables.restartInterval = uint16(payload, 0)
    else if (marker === JPEG.APP14) adobeTransform = payload[11] ?? null
    else if (marker === JPEG.SOS) {
      const scan = frame && readScanHeader(payload, frame.data)
      if (!frame || !scan || !isIndexable(frame.data, scan)) return null
      const full = extend(specs, scan)
      if (full === null) return null
      return {
        ...geometry(frame.data, scan, frame.segment.payload),
        frame: frame.data,
        scan,
        tables,
        model: colourModel(frame.data, adobeTransform),
        segments: [...kept, ...full.flatMap((spec, slot) => (spec ? [tableSegment(slot, spec)] : [])), whole],
        codes: full.map((spec) => spec && codesOf(spec)),
      }
    }
    kept.push(whole)
  }
}

function geometry(frame: Frame, scan: Scan, payload: Uint8Array) {
  const [width, height] = [uint16(payload, 3), uint16(payload, 1)]
  const alone = scan.components.length === 1 ? scan.components[0]?.component : undefined
  if (alone) {
    const { blocksAcross, blocksDown } = alone
    return { width, height, unitsAcross: blocksAcross, unitsDown: blocksDown, unitWidth: 8, unitHeight: 8 }
  }
  const { unitsAcross, unitsDown, components } = frame
  const unitWidth = 8 * Math.max(...components.map(({ across }) => across))
  const unitHeight = 8 * Math.max(...components.map(({ down }) => down))
  return { width, height, unitsAcross, unitsDown, unitWidth, unitHeight }
}

/** As libjpeg guesses it where no Adobe segment tells. */
function colourModel({ components }: Frame, adobeTransform: number | null): ColourModel {
  if (components.length === 1) return 'grey'
  if (components.length !== 3) return 'cmyk'
  const isNamedRgb = components.map(({ id }) => String.fromCharCode(id)).join('') === 'RGB'
  return adobeTransform === 0 || (adobeTransform === null && isNamedRgb) ? 'rgb' : 'ycc'
}

function readSpecs(payload: Uint8Array, specs: (TableSpec | null)[]): boolean {
  for (let at = 0; at < payload.length;) {
    const id = payload[at] ?? 0
    const counts = payload.slice(at + 1, at + 17)
    const total = counts.reduce((sum, count) => sum + count, 0)
    const symbols = payload.slice(at + 17, at + 17 + total)
    if (symbols.length !== total || total > 256) return false
    specs[(id >> 4) * FIRST_AC_SLOT + (id & 3)] = { counts, symbols }
    at += 17 + total
  }
  return true
}

/** The tables that the scan uses, extended; null when one is missing or has no room. */
function extend(specs: readonly (TableSpec | null)[], scan: Scan): (TableSpec | null)[] | null {
  const full = new Array<TableSpec | null>(SLOTS).fill(null)
  for (const { dcTable, acTable } of scan.components) {
    for (const [slot, wanted] of [
      [dcTable, DC_SYMBOLS],
      [acTable, AC_SYMBOLS],
    ] as const) {
      const spec = specs[slot]
      full[slot] ??= spec ? withSymbols(spec, wanted) : null
      if (!full[slot]) return null
    }
  }
  return full
}

function tableSegment(slot: number, { counts, symbols }: TableSpec): Uint8Array {
  const length = 19 + symbols.length
  const id = slot < FIRST_AC_SLOT ? slot : 0x10 | (slot - FIRST_AC_SLOT)
  return Uint8Array.of(0xff, JPEG.DHT, length >> 8, length & 0xff, id, ...counts, ...symbols)
}
