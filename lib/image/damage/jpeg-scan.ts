import { isRestart, JPEG } from '../formats/jpeg-segments'
import type { DamageReason } from './damage'
import { BitReader } from './huffman'
import type { EntryNoter } from '../holes/entry-noter'
import type { Frame, Scan, Tables } from './jpeg-frame'
import type { BlockWalker } from './jpeg-block'
import { blockWalkers } from './jpeg-block'

/**
 * Follows one scan from `offset`, the byte behind its header, to the marker that ends it. Returns the offset
 * of that marker, or what is wrong. Between restart markers every unit must be there, and nothing else.
 * `noter` takes notes on the way.
 */
export function walkScan(
  bytes: Uint8Array,
  offset: number,
  frame: Frame,
  scan: Scan,
  tables: Tables,
  noter: EntryNoter | null = null,
): number | DamageReason {
  const walkers = frame.isWalkable ? blockWalkers(frame, scan, tables) : null
  if (walkers === null) return skipScan(bytes, offset)

  const single = walkers.length === 1 ? walkers[0] : undefined
  const units = single
    ? single.component.blocksAcross * single.component.blocksDown
    : frame.unitsAcross * frame.unitsDown
  let reader = new BitReader(bytes, offset)
  let restarts = 0

  for (let unit = 0; unit < units; unit++) {
    if (tables.restartInterval > 0 && unit > 0 && unit % tables.restartInterval === 0) {
      const end = reader.endBeforeMarker()
      if (end === null || walkers.some((walker) => walker.isInsideRun())) return 'bad-data'
      if (end.marker !== JPEG.RST0 + (restarts++ & 7))
        return end.marker === JPEG.EOI ? 'truncated' : 'bad-data'
      reader = new BitReader(bytes, end.next)
      for (const walker of walkers) walker.restart()
    }
    if (noter !== null && reader.offset >= noter.dueOffset) noter.note(reader.bitPosition, unit, walkers)
    const isSound = single ? walkAlone(single, reader, unit) : walkUnit(walkers, reader, frame, unit)
    if (!isSound) return 'bad-data'
    if (reader.exhausted) return reader.isAtEnd ? 'truncated' : 'bad-data'
  }
  const end = reader.endBeforeMarker()
  if (walkers.some((walker) => walker.isInsideRun())) return 'bad-data'
  if (end !== null) return end.next - 2
  return reader.isAtEnd ? 'truncated' : 'bad-data'
}

function walkAlone(walker: BlockWalker, reader: BitReader, unit: number): boolean {
  const { blocksAcross, stride } = walker.component
  const row = Math.floor(unit / blocksAcross)
  return walker.walk(reader, row * stride + (unit - row * blocksAcross))
}

function walkUnit(walkers: readonly BlockWalker[], reader: BitReader, frame: Frame, unit: number): boolean {
  const unitRow = Math.floor(unit / frame.unitsAcross)
  const unitColumn = unit - unitRow * frame.unitsAcross
  for (const walker of walkers) {
    const { across, down, stride } = walker.component
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        const block = (unitRow * down + y) * stride + unitColumn * across + x
        if (!walker.walk(reader, block)) return false
      }
    }
  }
  return true
}

/** Where a scan that cannot be followed ends: at the first marker that is no restart. */
function skipScan(bytes: Uint8Array, offset: number): number | DamageReason {
  for (let at = bytes.indexOf(0xff, offset); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0
    if (marker !== 0x00 && marker !== 0xff && !isRestart(marker)) return at
  }
  return 'truncated'
}
