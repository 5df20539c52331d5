import { crc32 } from '../damage/png'
import { joinBytes } from './join-bytes'

/** The most that one stored block of DEFLATE holds. */
const STORED_MAX_BYTES = 0xffff
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/**
 * A PNG of at most four colours (RGBA), two bits a pixel, not compressed: no canvas is needed, and 1 024 x 768
 * pixels weigh 200 kB that never leave the page. `pixels`: one index a pixel.
 */
export function encodePalettePng(
  width: number,
  height: number,
  pixels: Uint8Array,
  palette: readonly (readonly [number, number, number, number])[],
): Uint8Array {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([2, 3], 8)
  return joinBytes([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(palette.flatMap(([red, green, blue]) => [red, green, blue]))),
    chunk('tRNS', Uint8Array.from(palette.map((colour) => colour[3]))),
    chunk('IDAT', storedZlib(packRows(width, height, pixels))),
    chunk('IEND', new Uint8Array()),
  ])
}

/** Four pixels a byte, each row behind a byte that says "not filtered". */
function packRows(width: number, height: number, pixels: Uint8Array): Uint8Array {
  const stride = 1 + Math.ceil(width / 4)
  const rows = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * stride + 1 + (x >> 2)
      rows[at] = (rows[at] ?? 0) | (((pixels[y * width + x] ?? 0) & 3) << (6 - 2 * (x & 3)))
    }
  }
  return rows
}

/** RFC 1950 and 1951, without compressing anything. */
function storedZlib(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)]
  for (let at = 0; at < data.length; at += STORED_MAX_BYTES) {
    const block = data.subarray(at, at + STORED_MAX_BYTES)
    const isLast = at + block.length === data.length
    const { length } = block
    parts.push(Uint8Array.of(isLast ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255))
    parts.push(block)
  }
  let [a, b] = [1, 0]
  for (const byte of data) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  parts.push(uint32(((b << 16) | a) >>> 0))
  return joinBytes(parts)
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joinBytes([new TextEncoder().encode(type), data])
  return joinBytes([uint32(data.length), body, uint32(crc32(body))])
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
}
