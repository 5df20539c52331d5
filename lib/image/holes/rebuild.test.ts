import sharp from 'sharp'
import { describe, expect, test } from 'vitest'

import { bytesOf, sample } from '../fixtures'
import { findDamage } from '../damage/damage'
import { EntryNoter } from './entry-noter'
import { parseIndex } from './picture-index'
import { rebuildJpeg, shownShare } from './rebuild'

async function run(name: string, jpeg: Uint8Array, loss: number, seed: number) {
  const noter = new EntryNoter()
  expect(findDamage('image/jpeg', jpeg, noter)).toBeNull()
  const parts = noter.finish(1)
  const index = parseIndex(parts) ?? expect.unreachable()
  let state = seed
  const random = () => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0), (state >>> 8) / 2 ** 24)
  const lost = Array.from({ length: Math.ceil(jpeg.length / 1024) }, () => random() < loss)
  const holed = jpeg.map((byte, at) => (lost[at >> 10] ? 0 : byte))
  const t = performance.now()
  const rebuilt = rebuildJpeg(index, { bytes: holed, has: (c) => !lost[c] }, null) ?? expect.unreachable()
  const ms = performance.now() - t
  const size = parts.reduce((s, p) => s + p.length, 0)
  const a = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
  const b = await sharp(rebuilt.jpeg, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true })
  let equal = 0
  for (let i = 0; i < a.data.length; i += a.info.channels) if (a.data[i] === b.data[i]) equal++
  console.log(
    name,
    jpeg.length,
    'index',
    size,
    ((100 * size) / jpeg.length).toFixed(2),
    'loss',
    lost.filter(Boolean).length / lost.length,
    'shown',
    shownShare(rebuilt),
    'equal',
    equal / (a.data.length / a.info.channels),
    'ms',
    ms,
  )
}

describe('x', () => {
  test('y', async () => {
    const dir = '/work/shared/photos/'
    const fs = await import('node:fs')
    for (const f of [
      'iphone-hdr.jpg',
      'phone-jolla.jpg',
      'wall-4k-string.jpg',
      'orient-Landscape_1.jpg',
      'gps-dscn0010.jpg',
    ]) {
      const bytes = Uint8Array.from(fs.readFileSync(dir + f))
      await run(f, bytes, 0, 1)
      await run(f, bytes, 0.05, 1)
      await run(f, bytes, 0.2, 1)
    }
    await run('grey', await bytesOf(sample(370, 530, 1).toColourspace('b-w').jpeg()), 0.2, 3)
  })
})
