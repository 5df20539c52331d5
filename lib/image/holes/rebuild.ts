import { CHUNK_BYTES } from '@/lib/protocol/constants'

import { BitReader } from '../damage/huffman'
import { blockWalkers } from '../damage/jpeg-block'
import { isRestart, JPEG } from '../formats/jpeg-segments'
import { GREY_GROUND, groundOf, type SmallCopy } from './ground'
import { HoleFiller } from './hole-filler'
import { type JpegLayout, readLayout } from './jpeg-layout'
import { orientationSegment } from './orientation'
import type { Entry, PictureIndex } from './picture-index'
import { ScanWriter } from './scan-writer'

/** What is held of a file; the bytes of chunks that are not held may be anything. */
export interface HeldFile {
  readonly bytes: Uint8Array
  has(chunkIndex: number): boolean
}

export interface RebuiltJpeg {
  /** A whole JPEG of the same size: every unit that is held as it was, the others plain, coloured by the small copy. */
  readonly jpeg: Uint8Array
  readonly layout: JpegLayout
  /** One byte a unit, row by row: 1 where it is from the file. */
  readonly shown: Uint8Array
}

/**
 * Makes a JPEG that shows what is held of one (SPEC HO): the codes of whole units are copied bit by bit between
 * the places where decoding may begin, and units of one colour each take the place of what is missing. The last
 * of them has the DC coefficients that the next copied unit is told from, so that it needs no change.
 * Null when the index describes no such picture. Never throws; time and memory are those of the picture.
 */
export function rebuildJpeg(
  index: PictureIndex,
  file: HeldFile,
  smallCopy: SmallCopy | null,
): RebuiltJpeg | null {
  const layout = readLayout(index.segments)
  if (layout === null) return null
  const ground = smallCopy ? groundOf(smallCopy, index.orientation, layout.model) : GREY_GROUND
  const writer = new ScanWriter(file.bytes.length + 65_536)
  writer.raw([0xff, JPEG.SOI])
  if (index.orientation !== 1) writer.raw(orientationSegment(index.orientation))
  writer.raw(index.profile)
  for (const segment of layout.segments) writer.raw(segment)
  const filler = new HoleFiller(layout, writer, ground)
  const shown = new Uint8Array(layout.unitsAcross * layout.unitsDown)
  for (const stretch of stretches(index, file, layout)) {
    if (stretch.entries[0].unit < filler.unit) continue
    filler.fillTo(stretch.entries[0])
    const from = filler.unit
    copyStretch(layout, file.bytes, stretch, writer, filler)
    shown.fill(1, from, filler.unit)
  }
  filler.fillTo(null)
  writer.align()
  writer.raw([0xff, JPEG.EOI])
  return { jpeg: writer.written, layout, shown }
}

/** The share of the pixels that are from the file, 0 to 1. */
export function shownShare({ layout, shown }: Pick<RebuiltJpeg, 'layout' | 'shown'>): number {
  const { width, height, unitsAcross, unitWidth, unitHeight } = layout
  let pixels = 0
  for (let unit = 0; unit < shown.length; unit++) {
    if (shown[unit] !== 1) continue
    const row = Math.floor(unit / unitsAcross)
    const column = unit - row * unitsAcross
    pixels +=
      Math.min(unitWidth, width - column * unitWidth) * Math.min(unitHeight, height - row * unitHeight)
  }
  return pixels / (width * height)
}

/** Bytes that are held without a gap, and the places in them where decoding may begin. */
interface Stretch {
  readonly entries: readonly [Entry, ...Entry[]]
  readonly endByte: number
}

function* stretches(index: PictureIndex, file: HeldFile, layout: JpegLayout): Generator<Stretch> {
  const start: Entry = {
    bit: index.scanOffset * 8,
    unit: 0,
    dc: layout.scan.components.map(() => 0),
  }
  const units = layout.unitsAcross * layout.unitsDown
  let open: [Entry, ...Entry[]] | null = null
  let endByte = 0
  for (const entry of [start, ...index.entries]) {
    const byte = entry.bit >>> 3
    const last = open?.at(-1)
    // Entries of a stranger may run anywhere.
    const isForward = last === undefined || (entry.unit > last.unit && entry.bit > last.bit)
    if (!isForward || entry.unit >= units || entry.dc.length !== start.dc.length) continue
    if (open && byte < endByte) {
      open.push(entry)
      continue
    }
    if (open) yield { entries: open, endByte }
    open = null
    let chunk = Math.floor(byte / CHUNK_BYTES)
    if (byte >= file.bytes.length || !file.has(chunk)) continue
    while (chunk * CHUNK_BYTES < file.bytes.length && file.has(chunk)) chunk++
    open = [entry]
    endByte = Math.min(chunk * CHUNK_BYTES, file.bytes.length)
  }
  if (open) yield { entries: open, endByte }
}

/** Copies all units that are whole in the stretch; `filler` is told how far they go. */
function copyStretch(
  layout: JpegLayout,
  bytes: Uint8Array,
  { entries, endByte }: Stretch,
  writer: ScanWriter,
  filler: HoleFiller,
): void {
  const { tables, frame, scan, unitsAcross, unitsDown } = layout
  const walkers = blockWalkers(frame, scan, tables)
  if (walkers === null) return
  const held = bytes.subarray(0, endByte)
  const isAlone = walkers.length === 1
  // With restart markers each interval is filled up to a byte, and only a walk tells where its codes end.
  const hasRestarts = tables.restartInterval > 0
  const from = hasRestarts ? entries[0] : (entries.at(-1) ?? entries[0])
  writer.copy(held, entries[0].bit, from.bit)
  for (const [component, walker] of walkers.entries()) walker.dc = from.dc[component] ?? 0

  let reader = new BitReader(held, from.bit >>> 3)
  reader.skip(from.bit & 7)
  let copied = from.bit
  let whole = from.bit
  let unit = from.unit
  let dc = from.dc
  for (; unit < unitsAcross * unitsDown; unit++) {
    if (hasRestarts && unit > from.unit && unit % tables.restartInterval === 0) {
      const end = reader.endBeforeMarker()
      if (end === null || !isRestart(end.marker)) break
      writer.copy(held, copied, whole)
      filler.advance(unit, dc)
      filler.restartIfDue()
      for (const walker of walkers) walker.restart()
      dc = walkers.map(() => 0)
      reader = new BitReader(held, end.next)
      copied = whole = end.next * 8
    }
    const isSound = walkers.every((walker) => {
      const blocks = isAlone ? 1 : walker.component.across * walker.component.down
      for (let block = 0; block < blocks; block++) if (!walker.walk(reader, 0)) return false
      return true
    })
    if (!isSound || reader.exhausted) break
    whole = reader.bitPosition
    dc = walkers.map((walker) => walker.dc ?? 0)
  }
  writer.copy(held, copied, whole)
  filler.advance(unit, dc)
}
