import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'

import { readExif } from '../formats/exif'
import type { Orientation } from '../formats/facts'
import { bytesOf, sample } from '../fixtures'
import { indexOf } from './fixtures'
import { drawHoleMask } from './hole-mask'
import { orientationSegment, toStored, toUpright } from './orientation'
import { encodePalettePng } from './palette-png'
import { parseIndex } from './picture-index'
import { rebuildJpeg } from './rebuild'

const orientation = fc.constantFrom<Orientation>(1, 2, 3, 4, 5, 6, 7, 8)

describe('the mask over the holes', () => {
  test('[HO5] is clear where a unit is shown and not where one is missing, upright', async () => {
    const jpeg = await bytesOf(sample(640, 480).jpeg())
    const index = parseIndex(indexOf(jpeg, 6)) ?? expect.unreachable()
    const { layout, shown } =
      rebuildJpeg(index, { bytes: jpeg, has: () => true }, null) ?? expect.unreachable()
    expect(drawHoleMask(layout, shown, 6)).toBeNull()
    // Top left as stored is top right as seen.
    shown[0] = 0
    const png = drawHoleMask(layout, shown, 6) ?? expect.unreachable()
    const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([480, 640])
    const alpha = (x: number, y: number) => data[4 * (y * info.width + x) + 3]
    expect([alpha(479, 0), alpha(464, 15)].every((value) => (value ?? 0) > 100)).toBe(true)
    expect([alpha(463, 0), alpha(479, 16), alpha(0, 0), alpha(0, 639)]).toEqual([0, 0, 0, 0])
  })

  test('[HO5] there and back again: every orientation', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(orientation, share, share, (turned, x, y) => {
        const place = toStored(turned, toUpright(turned, { x, y }))
        expect([place.x, place.y].map((value) => value.toFixed(9))).toEqual([x.toFixed(9), y.toFixed(9)])
      }),
    )
  })

  test('[HO5] the orientation that is written is the one that is read', () => {
    fc.assert(
      fc.property(orientation, (turned) => {
        expect(readExif(orientationSegment(turned).subarray(10))).toMatchObject({ orientation: turned })
      }),
    )
  })
})

describe('encodePalettePng', () => {
  test('[HO5] what it writes is what a decoder reads, at every width', async () => {
    const palette = [
      [0, 0, 0, 0],
      [255, 0, 0, 255],
      [0, 255, 0, 128],
      [9, 8, 7, 6],
    ] as const
    for (const [width, height] of [
      [1, 1],
      [3, 2],
      [5, 7],
      [640, 480],
    ] as const) {
      const pixels = Uint8Array.from({ length: width * height }, (_, i) => (i * 7 + (i >> 3)) & 3)
      const png = encodePalettePng(width, height, pixels, palette)
      const { data } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
      const wanted = Buffer.from([...pixels].flatMap((pixel) => [...(palette[pixel] ?? [])]))
      expect(data.equals(wanted)).toBe(true)
    }
  })
})
