import sharp from 'sharp'

/** Pixels that compress to a few kB and have something in every block: for tests only. */
export function samplePixels(width: number, height: number, channels: 1 | 3 | 4): Buffer {
  const pixels = Buffer.alloc(width * height * channels)
  for (let at = 0; at < pixels.length; at++) {
    const cell = Math.floor(at / channels)
    const wave = Math.sin((cell % width) / 7 + (at % channels)) * Math.cos(Math.floor(cell / width) / 5)
    pixels[at] = 128 + 90 * wave + ((at * 7919) % 31)
  }
  return pixels
}

/** A picture to encode as the test likes. */
export function sample(width: number, height: number, channels: 1 | 3 | 4 = 3) {
  return sharp(samplePixels(width, height, channels), { raw: { width, height, channels } })
}

/** A JPEG of 120 x 80. */
export async function sampleJpeg(
  options: Parameters<ReturnType<typeof sample>['jpeg']>[0] = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return bytesOf(sample(120, 80).jpeg(options))
}

export async function bytesOf(picture: { toBuffer(): Promise<Buffer> }): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await picture.toBuffer())
}

/** Bytes of the lower half of ISO 8859-1. */
export function asciiBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat(parts))
}

/**
 * A JPEG with restart markers after every `interval` units, which sharp does not write: each interval is encoded as a
 * picture of its own, with the same tables, and the scans are put one behind the other. `unitsAcross` must be a
 * multiple of `interval`.
 */
export async function restartJpeg(
  unitsAcross: number,
  unitsDown: number,
  interval: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const [unit, scans] = [16, [] as Uint8Array[]]
  const whole = sample(unitsAcross * unit, unitsDown * unit)
  const options = { quality: 80, chromaSubsampling: '4:2:0', optimiseCoding: false }
  for (let first = 0; first < unitsAcross * unitsDown; first += interval) {
    const left = (first % unitsAcross) * unit
    const top = Math.floor(first / unitsAcross) * unit
    const tile = whole.clone().extract({ left, top, width: interval * unit, height: unit })
    const jpeg = await tile.jpeg(options).toBuffer()
    const scanAt = jpeg.indexOf(Buffer.from([0xff, 0xda])) + 14
    const nth = first / interval
    scans.push(jpeg.subarray(scanAt, -2), Uint8Array.of(0xff, 0xd0 + (nth & 7)))
  }
  const model = await whole.clone().jpeg(options).toBuffer()
  const sosAt = model.indexOf(Buffer.from([0xff, 0xda]))
  const restarts = Uint8Array.of(0xff, 0xdd, 0, 4, interval >> 8, interval & 255)
  const end = Uint8Array.of(0xff, 0xd9)
  return joinBytes(
    model.subarray(0, sosAt),
    restarts,
    model.subarray(sosAt, sosAt + 14),
    ...scans.slice(0, -1),
    end,
  )
}
