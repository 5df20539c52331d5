import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import sharp from 'sharp'

import { drawScene, randomFrom } from './scene'

const CACHE = resolve(import.meta.dirname, '../.cache')

/** Grain enough that nothing is left to compress, as in a photo. */
const PHOTO_LIKE = { grain: 40, quality: 88 }
/** Many bytes from few pixels, for long transfers: what is drawn takes time too. */
const DENSE = { grain: 160, quality: 98 }
const DENSE_FROM_BYTES = 5_000_000
/** Share of the size that the picture itself has at least and at most; comments make up the rest. */
const SHARE_MIN = 0.9
const SHARE_MAX = 0.99
/** Length field of a JPEG segment: 2 bytes, and it counts itself. */
const SEGMENT_MAX = 65_535
const SEGMENT_HEAD = 4
const COMMENT = 0xfe
const START_OF_IMAGE_BYTES = 2

/**
 * A photo-like JPEG of exactly so many bytes. The seed changes bytes only, not pixels: pictures that a page has not
 * seen before, and that take the same time to decode.
 */
export async function pictureOf(bytes: number, seed: number): Promise<Buffer> {
  const base = await baseOf(bytes)
  const random = randomFrom(seed)
  const comments: Buffer[] = []
  for (let left = bytes - base.length; left > 0;) {
    // A rest too short for a segment of its own is left to the next one.
    const most = SEGMENT_MAX + 2
    const length = left > most ? Math.min(most, left - SEGMENT_HEAD) : left
    const segment = Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)))
    segment.writeUInt16BE(0xff00 | COMMENT, 0)
    segment.writeUInt16BE(length - 2, 2)
    comments.push(segment)
    left -= length
  }
  return Buffer.concat([
    base.subarray(0, START_OF_IMAGE_BYTES),
    ...comments,
    base.subarray(START_OF_IMAGE_BYTES),
  ])
}

async function baseOf(bytes: number): Promise<Buffer> {
  const path = join(CACHE, `photo-like-${bytes}.jpg`)
  if (existsSync(path)) return readFileSync(path)
  const base = await drawBase(bytes)
  mkdirSync(CACHE, { recursive: true })
  writeFileSync(`${path}.${process.pid}`, base)
  renameSync(`${path}.${process.pid}`, path)
  return base
}

/** Bytes grow with the area, nearly: a few corrections of the width are enough. */
async function drawBase(bytes: number): Promise<Buffer> {
  const { grain, quality } = bytes >= DENSE_FROM_BYTES ? DENSE : PHOTO_LIKE
  let width = Math.sqrt(bytes * 2)
  for (let tries = 0; tries < 20; tries++) {
    const shape = { width: Math.round(width), height: Math.round(width * 0.75) }
    const { data, channels } = drawScene({ ...shape, seed: 5, grain })
    const jpeg = await sharp(data, { raw: { ...shape, channels } })
      .jpeg({ quality })
      .toBuffer()
    const share = jpeg.length / bytes
    if (share >= SHARE_MIN && share <= SHARE_MAX) return jpeg
    width *= Math.sqrt((SHARE_MIN + SHARE_MAX) / 2 / share)
  }
  throw new Error(`no picture of ${bytes} bytes could be drawn`)
}
