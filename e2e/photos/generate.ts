import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import type { Sharp } from 'sharp'
import sharp from 'sharp'

import type { Raw } from './scene'
import { drawScene } from './scene'

/** Changes whenever the pictures do, so that an old cache is not taken for the new one. */
const VERSION = 'v1'
const CACHE = resolve(import.meta.dirname, '../.cache')

/** Degrees that a picture is turned when it is stored, so that its EXIF orientation turns it back. */
const STORED_TURN = { 1: 0, 3: 180, 6: 270, 8: 90 } as const

export type StoredOrientation = keyof typeof STORED_TURN

/** Names in the generated folder: pictures that are whole. */
export const WHOLE = {
  small: 'small-60kB.jpg',
  medium: 'medium-300kB-progressive.jpg',
  large: 'large-2MB.jpg',
  location: 'with-location.jpg',
  alpha: 'alpha.png',
  webp: 'plain.webp',
  orientation1: 'orientation-1.jpg',
  orientation3: 'orientation-3.jpg',
  orientation6: 'orientation-6.jpg',
  orientation8: 'orientation-8.jpg',
} as const

/** Names in the generated folder: bad input. */
export const BAD = {
  text: 'text.jpg',
  empty: 'empty.jpg',
  /** A stretch in its middle is overwritten, as a memory card does it. */
  damaged: 'damaged.jpg',
  /** Its second half is missing. */
  cut: 'cut.jpg',
  heic: 'header-only.heic',
} as const

/**
 * Makes the project's own test pictures, the same bytes every time on one machine, or finds them in the cache.
 * Returns their folder.
 */
export async function generatePhotos(cache: string = CACHE): Promise<string> {
  const folder = join(cache, `photos-${VERSION}`)
  if (existsSync(folder)) return folder
  // Made aside and moved in one step: several test workers may start at once.
  const draft = `${folder}-${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  for (const [name, bytes] of await drawAll()) writeFileSync(join(draft, name), bytes)
  try {
    renameSync(draft, folder)
  } catch {
    rmSync(draft, { recursive: true, force: true })
  }
  return folder
}

async function drawAll(): Promise<[string, Uint8Array][]> {
  const large = await asJpeg(drawScene({ width: 3264, height: 2448, seed: 3, grain: 24 }))
  const pictures: [string, Uint8Array][] = [
    [WHOLE.small, await asJpeg(drawScene({ width: 800, height: 600, seed: 1, grain: 10 }))],
    [
      WHOLE.medium,
      await asJpeg(drawScene({ width: 1600, height: 1200, seed: 2, grain: 14 }), { progressive: true }),
    ],
    [WHOLE.large, large],
    [WHOLE.location, await withLocation(drawScene({ width: 640, height: 480, seed: 4, grain: 14 }))],
    [
      WHOLE.alpha,
      await open(drawScene({ width: 800, height: 600, seed: 5, grain: 6, alpha: true }))
        .png()
        .toBuffer(),
    ],
    [
      WHOLE.webp,
      await open(drawScene({ width: 800, height: 600, seed: 6, grain: 14 }))
        .webp({ quality: 85 })
        .toBuffer(),
    ],
    [BAD.text, Buffer.from('This is a text that somebody called .jpg.\n'.repeat(40))],
    [BAD.empty, Buffer.alloc(0)],
    [BAD.damaged, overwriteMiddle(large)],
    [BAD.cut, large.subarray(0, large.length >> 1)],
    [BAD.heic, heicHeader()],
  ]
  for (const orientation of [1, 3, 6, 8] as const) {
    pictures.push([WHOLE[`orientation${orientation}`], await withOrientation(orientation)])
  }
  return pictures
}

function open({ data, width, height, channels }: Raw): Sharp {
  return sharp(data, { raw: { width, height, channels } })
}

function asJpeg(raw: Raw, options: { progressive?: boolean } = {}): Promise<Buffer> {
  return open(raw)
    .jpeg({ quality: 88, ...options })
    .toBuffer()
}

/** All four show the same scene upright, 900 x 600; they differ in how they are stored. */
function withOrientation(orientation: StoredOrientation): Promise<Buffer> {
  return open(drawScene({ width: 900, height: 600, seed: 7, grain: 10 }))
    .rotate(STORED_TURN[orientation])
    .withMetadata({ orientation })
    .jpeg({ quality: 90 })
    .toBuffer()
}

/** The North Pole, with the year of nobody's photo. */
function withLocation(raw: Raw): Promise<Buffer> {
  const position = {
    GPSLatitudeRef: 'N',
    GPSLatitude: '90/1 0/1 0/1',
    GPSLongitudeRef: 'E',
    GPSLongitude: '0/1 0/1 0/1',
  }
  return open(raw).jpeg({ quality: 92 }).withExif({ IFD3: position }).toBuffer()
}

/** 64 KiB of other data: what a card leaves behind when a cluster of another file is written there. */
function overwriteMiddle(picture: Uint8Array): Uint8Array {
  const damaged = Uint8Array.from(picture)
  const from = damaged.length >> 1
  for (let index = 0; index < 65_536; index++) damaged[from + index] = (index * 167 + (index >> 7)) & 0xff
  return damaged
}

/** The first box of an iPhone's picture, and nothing behind it. */
function heicHeader(): Uint8Array {
  const header = Buffer.alloc(2048)
  header.writeUInt32BE(24, 0)
  header.write('ftypheic', 4, 'latin1')
  header.write('mif1heic', 16, 'latin1')
  return header
}
