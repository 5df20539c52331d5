import { JPEG, uint16 } from '../formats/jpeg-segments'
import type { HuffmanTable } from './huffman'

export interface Component {
  readonly id: number
  /** Blocks of 8 x 8 in one interleaved unit (MCU), across and down. */
  readonly across: number
  readonly down: number
  readonly quantisation: number
  /** Blocks in a scan of this component alone. */
  readonly blocksAcross: number
  readonly blocksDown: number
  /** Blocks in a row of interleaved units, filling included: the stride of `nonZero`. */
  readonly stride: number
  /** Progressive only: one bit per coefficient that is no longer zero, 64 a block. */
  readonly nonZero: Uint32Array | null
}

export interface Frame {
  readonly isProgressive: boolean
  /** The scans can be followed code by code. */
  readonly isWalkable: boolean
  readonly components: readonly Component[]
  readonly unitsAcross: number
  readonly unitsDown: number
}

export interface ScanComponent {
  readonly component: Component
  readonly dcTable: number
  readonly acTable: number
}

export interface Scan {
  readonly components: readonly ScanComponent[]
  /** First and last coefficient, in zig-zag order. */
  readonly first: number
  readonly last: number
  /** Successive approximation: 0 in the first scan of a coefficient; bits still missing after this scan. */
  readonly high: number
  readonly low: number
}

/** What stays valid from one scan to the next. */
export interface Tables {
  /** Slots 0 to 3 are DC, 4 to 7 AC. */
  readonly huffman: (HuffmanTable | null)[]
  /** Quantisation step of the DC coefficient, by table. */
  readonly dcStep: number[]
  /** Units between restart markers; 0 without. */
  restartInterval: number
}

/** A picture past this many pixels is followed by its markers only: the walk would take seconds. */
const WALK_MAX_PIXELS = 2 ** 27

export function newTables(): Tables {
  return { huffman: Array.from({ length: 8 }, () => null), dcStep: [1, 1, 1, 1], restartInterval: 0 }
}

/** SOFn (T.81, B.2.2); null when its figures make no frame. */
export function readFrame(marker: number, payload: Uint8Array): Frame | null {
  const height = uint16(payload, 1)
  const width = uint16(payload, 3)
  const count = payload[5] ?? 0
  if (width === 0 || count === 0 || payload.length < 6 + 3 * count) return null

  const isProgressive = marker === JPEG.SOF2
  const isHuffman = marker === JPEG.SOF0 || marker === JPEG.SOF1 || isProgressive
  // Height 0 means that a DNL marker behind the first scan tells it; browsers do not show such files.
  const isWalkable =
    isHuffman && payload[0] === 8 && count <= 4 && height > 0 && width * height <= WALK_MAX_PIXELS

  const factors = Array.from({ length: count }, (_, index) => {
    const sampling = payload[7 + 3 * index] ?? 0
    return {
      id: payload[6 + 3 * index] ?? 0,
      across: sampling >> 4,
      down: sampling & 0x0f,
      at: 8 + 3 * index,
    }
  })
  if (factors.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) return null
  const mostAcross = Math.max(...factors.map(({ across }) => across))
  const mostDown = Math.max(...factors.map(({ down }) => down))
  const unitsAcross = Math.ceil(width / (8 * mostAcross))
  const unitsDown = Math.ceil(height / (8 * mostDown))

  const components = factors.map(({ id, across, down, at }): Component => {
    const stride = unitsAcross * across
    const blocks = stride * unitsDown * down
    return {
      id,
      across,
      down,
      quantisation: (payload[at] ?? 0) & 0x03,
      blocksAcross: Math.ceil(Math.ceil((width * across) / mostAcross) / 8),
      blocksDown: Math.ceil(Math.ceil((height * down) / mostDown) / 8),
      stride,
      nonZero: isProgressive && isWalkable ? new Uint32Array(blocks * 2) : null,
    }
  })
  return { isProgressive, isWalkable, components, unitsAcross, unitsDown }
}

/** SOS (T.81, B.2.3); null when it names what is not there. */
export function readScanHeader(payload: Uint8Array, frame: Frame): Scan | null {
  const count = payload[0] ?? 0
  if (count < 1 || count > 4 || payload.length < 4 + 2 * count) return null
  const components: ScanComponent[] = []
  for (let index = 0; index < count; index++) {
    const component = frame.components.find(({ id }) => id === payload[1 + 2 * index])
    if (component === undefined) return null
    const tables = payload[2 + 2 * index] ?? 0
    components.push({ component, dcTable: (tables >> 4) & 0x03, acTable: 4 + (tables & 0x03) })
  }
  const approximation = payload[3 + 2 * count] ?? 0
  const first = frame.isProgressive ? (payload[1 + 2 * count] ?? 0) : 0
  const last = frame.isProgressive ? (payload[2 + 2 * count] ?? 0) : 63
  // In a progressive scan AC coefficients stand alone, and by one component (T.81, G.1.1.1.1).
  if (last > 63 || first > last || (first > 0 && count > 1)) return null
  if (frame.isProgressive && first === 0 && last > 0) return null
  return { components, first, last, high: approximation >> 4, low: approximation & 0x0f }
}
