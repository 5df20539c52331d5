import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import sharp from 'sharp'

import { drawScene } from './scene'

const CACHE = resolve(import.meta.dirname, '../.cache')

/** Width and height whose stored pixels (3 bytes each, and one a row) come closest to so many megabytes. */
const SHAPES = { 5: [1412, 1178], 20: [2952, 2254] } as const

export type Megabytes = keyof typeof SHAPES

export interface PlainPicture {
  readonly path: string
  readonly bytes: number
  /** Bytes of the bitmap that a browser makes of it: 4 a pixel. */
  readonly decodedBytes: number
}

/**
 * A PNG of 5 or 20 million bytes, within 0.1 %: its pixels are stored uncompressed, so its size follows from
 * its shape alone. Made once, then found in the cache.
 */
export async function plainPicture(megabytes: Megabytes): Promise<PlainPicture> {
  const [width, height] = SHAPES[megabytes]
  const path = join(CACHE, `plain-${megabytes}MB.png`)
  if (!existsSync(path)) {
    mkdirSync(CACHE, { recursive: true })
    const { data, channels } = drawScene({ width, height, seed: 11, grain: 16 })
    const png = await sharp(data, { raw: { width, height, channels } })
      .png({ compressionLevel: 0 })
      .toBuffer()
    // Several workers may begin at once: a reader finds all of it or nothing.
    const draft = `${path}.${process.pid}`
    writeFileSync(draft, png)
    renameSync(draft, path)
  }
  return { path, bytes: readFileSync(path).length, decodedBytes: width * height * 4 }
}
