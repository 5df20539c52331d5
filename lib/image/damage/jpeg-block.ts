import type { BitReader, HuffmanTable } from './huffman'
import type { Component, Frame, Scan, Tables } from './jpeg-frame'

/** Largest size category of an 8-bit picture's difference or coefficient (T.81, tables F.1 and F.2). */
const DC_SIZE_MAX = 11
const AC_SIZE_MAX = 10

/**
 * A DC coefficient of an 8-bit picture lies within +-1 024 once multiplied by its step. Broken data drifts
 * away from there; encoders that round or sharpen overshoot by a little, never by this much.
 */
const DC_LIMIT = 3 * 1024

/** Follows the codes of one component's blocks, in one scan. */
export interface BlockWalker {
  readonly component: Component
  /** Reads one block; false when no encoder writes such codes. `block` counts with the component's stride. */
  walk(reader: BitReader, block: number): boolean
  /** A run of empty blocks (EOBn) reaches behind the last block read. */
  isInsideRun(): boolean
  restart(): void
  /** The DC coefficient that the next one is told from; null in scans that tell no differences. */
  dc: number | null
}

/** One walker per component of the scan; null when a table is missing, as in motion JPEG frames, which imply theirs. */
export function blockWalkers(frame: Frame, scan: Scan, tables: Tables): BlockWalker[] | null {
  const walkers: BlockWalker[] = []
  for (const { component, dcTable, acTable } of scan.components) {
    const dc = tables.huffman[dcTable] ?? null
    const ac = tables.huffman[acTable] ?? null
    const step = tables.dcStep[component.quantisation] ?? 1
    const walker = frame.isProgressive
      ? progressiveWalker(component, scan, dc, ac, step)
      : sequentialWalker(component, dc, ac, step)
    if (walker === null) return null
    walkers.push(walker)
  }
  return walkers
}

function sequentialWalker(
  component: Component,
  dcTable: HuffmanTable | null,
  ac: HuffmanTable | null,
  step: number,
): BlockWalker | null {
  if (dcTable === null || ac === null) return null
  const dc = new DcReader(dcTable, step)
  return {
    component,
    restart: () => dc.restart(),
    isInsideRun: () => false,
    get dc(): number {
      return dc.value
    },
    set dc(value: number | null) {
      dc.value = value ?? 0
    },
    walk(reader) {
      if (!dc.read(reader)) return false
      for (let index = 1; index < 64; index++) {
        const symbol = reader.decode(ac)
        const size = symbol & 0x0f
        if (symbol < 0 || size > AC_SIZE_MAX) return false
        if (size === 0 && symbol !== 0xf0) return symbol === 0
        index += symbol >> 4
        if (index > 63) return false
        reader.skip(size)
      }
      return true
    },
  }
}

/** The four kinds of progressive scan (T.81, annex G). */
function progressiveWalker(
  component: Component,
  scan: Scan,
  dcTable: HuffmanTable | null,
  ac: HuffmanTable | null,
  step: number,
): BlockWalker | null {
  if (scan.first === 0) {
    if (scan.high > 0) return dcRefinement(component)
    if (dcTable === null) return null
    const dc = new DcReader(dcTable, step << scan.low)
    return {
      component,
      restart: () => dc.restart(),
      isInsideRun: () => false,
      dc: null,
      walk: (reader) => dc.read(reader),
    }
  }
  if (ac === null || component.nonZero === null) return null
  return new AcWalker(component, component.nonZero, scan, ac)
}

function dcRefinement(component: Component): BlockWalker {
  return {
    component,
    restart: () => undefined,
    isInsideRun: () => false,
    dc: null,
    walk(reader) {
      reader.skip(1)
      return true
    },
  }
}

class DcReader {
  value = 0
  readonly #table: HuffmanTable
  readonly #limit: number

  constructor(table: HuffmanTable, step: number) {
    this.#table = table
    this.#limit = DC_LIMIT / Math.max(1, step) + 1
  }

  read(reader: BitReader): boolean {
    const size = reader.decode(this.#table)
    if (size < 0 || size > DC_SIZE_MAX) return false
    if (size > 0) {
      const bits = reader.read(size)
      this.value += bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits
    }
    return Math.abs(this.value) <= this.#limit
  }

  restart(): void {
    this.value = 0
  }
}

/** AC coefficients of a progressive scan: first bits (G.1.2.2) and refinement (G.1.2.3). */
class AcWalker implements BlockWalker {
  readonly dc = null
  readonly component: Component
  readonly #nonZero: Uint32Array
  readonly #scan: Scan
  readonly #table: HuffmanTable
  /** Blocks to come that hold no new coefficient. */
  #run = 0

  constructor(component: Component, nonZero: Uint32Array, scan: Scan, table: HuffmanTable) {
    this.component = component
    this.#nonZero = nonZero
    this.#scan = scan
    this.#table = table
  }

  walk(reader: BitReader, block: number): boolean {
    return this.#scan.high === 0 ? this.#first(reader, block) : this.#refine(reader, block)
  }

  isInsideRun(): boolean {
    return this.#run > 0
  }

  restart(): void {
    this.#run = 0
  }

  #first(reader: BitReader, block: number): boolean {
    if (this.#run > 0) {
      this.#run--
      return true
    }
    const { first, last } = this.#scan
    for (let index = first; index <= last; index++) {
      const symbol = reader.decode(this.#table)
      if (symbol < 0) return false
      const zeros = symbol >> 4
      const size = symbol & 0x0f
      if (size === 0 && zeros < 15) {
        this.#run = (1 << zeros) + reader.read(zeros) - 1
        return true
      }
      index += zeros
      if (index > last || size > AC_SIZE_MAX) return false
      if (size > 0) {
        reader.skip(size)
        this.#mark(block, index)
      }
    }
    return true
  }

  #refine(reader: BitReader, block: number): boolean {
    const { first, last } = this.#scan
    let index = first
    while (this.#run === 0 && index <= last) {
      const symbol = reader.decode(this.#table)
      if (symbol < 0) return false
      let zeros = symbol >> 4
      const size = symbol & 0x0f
      if (size > 1) return false
      if (size === 0 && zeros < 15) {
        this.#run = (1 << zeros) + reader.read(zeros)
        break
      }
      reader.skip(size)
      for (; index <= last; index++) {
        if (this.#isMarked(block, index)) reader.skip(1)
        else if (zeros-- === 0) break
      }
      if (index > last) return false
      if (size === 1) this.#mark(block, index)
      index++
    }
    if (this.#run === 0) return true
    for (; index <= last; index++) if (this.#isMarked(block, index)) reader.skip(1)
    this.#run--
    return true
  }

  #isMarked(block: number, index: number): boolean {
    return (((this.#nonZero[2 * block + (index >> 5)] ?? 0) >>> (index & 31)) & 1) === 1
  }

  #mark(block: number, index: number): void {
    const word = 2 * block + (index >> 5)
    this.#nonZero[word] = (this.#nonZero[word] ?? 0) | (1 << (index & 31))
  }
}
