import { describe, expect, test } from 'vitest'

import { psnr } from './psnr'
import type { Pixels } from './psnr'
import { ssim } from './ssim'

const SIZE = 96

function painted(valueAt: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(SIZE * SIZE * 4).fill(255)
  for (let i = 0; i < SIZE * SIZE; i++) data.fill(valueAt(i % SIZE, Math.floor(i / SIZE)), 4 * i, 4 * i + 3)
  return { width: SIZE, height: SIZE, data }
}

const scene = (x: number, y: number) => 128 + 60 * Math.sin(x / 9) + 50 * Math.cos(y / 7)
const original = painted(scene)

describe('PSNR', () => {
  test('is 48.13 dB for an error of one step everywhere, 0 dB for black against white', () => {
    const grey = painted(() => 100)
    expect(
      psnr(
        painted(() => 101),
        grey,
      ),
    ).toBeCloseTo(48.1308, 3)
    expect(
      psnr(
        painted(() => 0),
        painted(() => 255),
      ),
    ).toBeCloseTo(0, 6)
    expect(psnr(grey, grey)).toBe(Infinity)
  })

  test('falls by 6.02 dB when the error doubles', () => {
    const grey = painted(() => 100)
    expect(
      psnr(
        painted(() => 104),
        grey,
      ) -
        psnr(
          painted(() => 108),
          grey,
        ),
    ).toBeCloseTo(20 * Math.log10(2), 6)
  })
})

describe('SSIM', () => {
  test('is 1 for the same picture and falls with every further hole', () => {
    expect(ssim(original, original)).toBeCloseTo(1, 6)
    const shown = [10, 30, 60].map((rows) =>
      ssim(
        painted((x, y) => (y < rows ? 0 : scene(x, y))),
        original,
      ),
    )
    expect(shown).toEqual([...shown].sort((a, b) => b - a))
    expect(shown[2]).toBeLessThan(0.6)
  })
})

test('pictures of two sizes have no quality', () => {
  const other = { width: 1, height: 1, data: new Uint8ClampedArray(4) }
  expect(() => psnr(other, original)).toThrow(RangeError)
  expect(() => ssim(other, original)).toThrow(RangeError)
})

test('a picture that would be halved first, or has no place for the window, has no SSIM', () => {
  const blank = (width: number, height: number) => ({
    width,
    height,
    data: new Uint8ClampedArray(4 * width * height),
  })
  const refused = [blank(400, 384), blank(50, 10)]
  for (const picture of refused) expect(() => ssim(picture, picture)).toThrow(RangeError)
  expect(ssim(blank(500, 383), blank(500, 383))).toBeCloseTo(1, 6)
})
