import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { beforeAll, describe, expect, it } from 'vitest'

import { findDamage } from '@/lib/image/damage/damage'
import { readHeader } from '@/lib/image/formats/header'
import { sniffType } from '@/lib/image/formats/sniff'

import { BAD, WHOLE } from './generate'
import type { Photos } from './photos'
import { ownPhotos, photos } from './photos'

let own: Photos
let named: Photos

beforeAll(async () => {
  own = await ownPhotos()
  named = await photos()
}, 60_000)

/** [name, type or what it is instead, reason of damage or null] */
function inspect(path: string): [string, string, string | null] {
  const bytes = Uint8Array.from(readFileSync(path))
  const type = sniffType(bytes.subarray(0, 256))
  if (type === 'heic' || type === 'unknown') return [basename(path), type, null]
  if (readHeader(type, bytes) === null) return [basename(path), type, 'no header']
  return [basename(path), type, findDamage(type, bytes)]
}

describe('the test pictures', () => {
  it('come from SHOAL_PHOTOS where it is set, else they are our own', () => {
    expect(named.source).toBe(process.env['SHOAL_PHOTOS'] ? 'SHOAL_PHOTOS' : 'generated')
    expect(named.whole.length).toBeGreaterThan(4)
  })

  it('are sound where they are whole', () => {
    for (const path of [...own.whole, ...named.whole]) {
      expect(inspect(path)).toEqual([basename(path), expect.stringMatching(/^image\//), null])
    }
  })

  it('are found out where they are damaged', () => {
    const damaged = [...own.damaged, ...named.damaged]
    expect(damaged.length).toBeGreaterThan(1)
    for (const path of damaged) {
      expect(inspect(path)).toEqual([
        basename(path),
        'image/jpeg',
        expect.stringMatching(/^(bad-|truncated)/),
      ])
    }
  })

  it('weigh about what their names say', () => {
    const weights = [WHOLE.small, WHOLE.medium, WHOLE.large].map(
      (name) => readFileSync(join(own.folder, name)).length,
    )
    const expected = [60_000, 300_000, 2_000_000]
    for (const [index, weight] of weights.entries()) {
      const wanted = expected[index] ?? 0
      expect(weight).toBeGreaterThan(wanted * 0.8)
      expect(weight).toBeLessThan(wanted * 1.2)
    }
  })

  it('have the orientation, the position and the alpha that they are there for', () => {
    const header = (name: string) => {
      const bytes = Uint8Array.from(readFileSync(join(own.folder, name)))
      const type = sniffType(bytes)
      return type === 'heic' || type === 'unknown' ? null : readHeader(type, bytes)
    }
    for (const orientation of [1, 3, 6, 8] as const) {
      const isSideways = orientation > 4
      expect(header(WHOLE[`orientation${orientation}`])).toMatchObject({
        orientation,
        storedWidth: isSideways ? 600 : 900,
        storedHeight: isSideways ? 900 : 600,
      })
    }
    expect(header(WHOLE.location)).toMatchObject({ hasLocation: true })
    expect(header(WHOLE.alpha)).toMatchObject({ type: 'image/png', channels: 4 })
    expect(header(WHOLE.webp)).toMatchObject({ type: 'image/webp', channels: 3 })
  })

  it('include bad input that is bad in the way it is meant to be', () => {
    expect(inspect(join(own.folder, BAD.text))).toEqual([BAD.text, 'unknown', null])
    expect(inspect(join(own.folder, BAD.empty))).toEqual([BAD.empty, 'unknown', null])
    expect(inspect(join(own.folder, BAD.heic))).toEqual([BAD.heic, 'heic', null])
  })
})
