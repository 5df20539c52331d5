import type { Ground } from './ground'
import type { JpegLayout } from './jpeg-layout'
import type { Entry } from './picture-index'
import type { ScanWriter } from './scan-writer'

/** The largest difference that a code of 11 bits tells. */
const DIFFERENCE_MAX = 2047
const BLOCK_PIXELS = 8

/** Knows how far a scan is written, and writes units of one colour each up to where its codes go on. */
export class HoleFiller {
  readonly #layout: JpegLayout
  readonly #writer: ScanWriter
  readonly #ground: Ground
  readonly #units: number
  #unit = 0
  #dc: number[]
  /** The unit before which the last restart marker stands. */
  #restartedAt = 0

  constructor(layout: JpegLayout, writer: ScanWriter, ground: Ground) {
    this.#layout = layout
    this.#writer = writer
    this.#ground = ground
    this.#units = layout.unitsAcross * layout.unitsDown
    this.#dc = layout.scan.components.map(() => 0)
  }

  /** Units written so far. */
  get unit(): number {
    return this.#unit
  }

  /** Units up to this one were written by someone else; `dc`: the last DC coefficients in them. */
  advance(unit: number, dc: readonly number[]): void {
    this.#unit = unit
    this.#dc = [...dc]
  }

  /** Writes the marker that stands before this unit, if one does and it is not yet there. */
  restartIfDue(): void {
    const { restartInterval } = this.#layout.tables
    if (restartInterval === 0 || this.#unit === this.#restartedAt || this.#unit % restartInterval !== 0)
      return
    this.#writer.restart(this.#unit / restartInterval - 1)
    this.#restartedAt = this.#unit
    this.#dc.fill(0)
  }

  /** Fills up to the unit of an entry, so that it can be copied as it is; null: to the end of the picture. */
  fillTo(entry: Entry | null): void {
    const end = entry?.unit ?? this.#units
    const { restartInterval } = this.#layout.tables
    const startsAnew = restartInterval > 0 && end % restartInterval === 0
    for (; this.#unit < end; this.#unit++) {
      this.restartIfDue()
      this.#fillUnit(entry && !startsAnew && this.#unit === end - 1 ? entry.dc : null)
    }
    if (entry) this.restartIfDue()
  }

  /** `lastDc`: what the last block of each component must have. */
  #fillUnit(lastDc: readonly number[] | null): void {
    const { scan, tables, codes, unitsAcross, unitWidth, unitHeight, width, height } = this.#layout
    const row = Math.floor(this.#unit / unitsAcross)
    const column = this.#unit - row * unitsAcross
    const isAlone = scan.components.length === 1
    for (const [index, { component, dcTable, acTable }] of scan.components.entries()) {
      const across = isAlone ? 1 : component.across
      const down = isAlone ? 1 : component.down
      const step = Math.max(1, tables.dcStep[component.quantisation] ?? 1)
      for (let block = 0; block < across * down; block++) {
        const isLast = block === across * down - 1
        const x = column * unitWidth + (((block % across) + 0.5) * unitWidth) / across
        const y = row * unitHeight + ((Math.floor(block / across) + 0.5) * unitHeight) / down
        const level = this.#ground(index, Math.min(1, x / width), Math.min(1, y / height))
        const wanted = isLast ? lastDc?.[index] : undefined
        this.#putDifference(index, wanted ?? Math.round((level * BLOCK_PIXELS) / step), dcTable)
        const ac = codes[acTable]
        if (ac) this.#writer.put(ac.codes[0] ?? 0, ac.lengths[0] ?? 0)
      }
    }
  }

  #putDifference(index: number, dc: number, slot: number): void {
    const before = this.#dc[index] ?? 0
    const difference = Math.max(-DIFFERENCE_MAX, Math.min(DIFFERENCE_MAX, dc - before))
    this.#dc[index] = before + difference
    const size = 32 - Math.clz32(Math.abs(difference))
    const table = this.#layout.codes[slot]
    if (!table) return
    this.#writer.put(table.codes[size] ?? 0, table.lengths[size] ?? 0)
    if (size > 0) this.#writer.put(difference < 0 ? difference - 1 : difference, size)
  }
}
