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
