import { ssim as ssimOfSsimJs } from 'ssim.js'
import { describe, expect, test } from 'vitest'

import { Random } from '@/lib/sim/random'

import type { Pixels } from './psnr'
import { ssim } from './ssim'

/** Both follow the paper, but one rounds luma to whole steps first, which the flattest places show. */
const AGREEMENT = 0.004
/** Where there is nothing to round: one of them adds in single precision. */
const AGREEMENT_IN_GREY = 0.0001

type Paint = (x: number, y: number) => readonly [number, number, number]

function painted(width: number, height: number, paint: Paint): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(paint(x, y), (y * width + x) * 4)
  }
  return { width, height, data }
}

/** Sky, hills, a sun and grain: flat places, edges and texture. */
function landscape(width: number, height: number): Pixels {
  const random = new Random(5)
  return painted(width, height, (x, y) => {
    const hills = 0.55 * height + 0.1 * height * Math.sin(x / 23) + 0.04 * height * Math.sin(x / 5)
    const grain = (random.next() - 0.5) * 16
    if (Math.hypot(x - 0.2 * width, y - 0.2 * height) < 0.1 * height) return [255, 236, 170]
    if (y < hills) return [120 + (90 * y) / height + grain, 170 + grain, 230 + grain]
    const texture = 20 * Math.sin(x * 1.3) * Math.cos(y * 0.9)
    return [70 + texture + grain, 100 + texture + grain, 60 + grain]
  })
}

function pixelOf({ data, width }: Pixels, x: number, y: number): [number, number, number] {
  const at = (y * width + x) * 4
  return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]
}

function damaged(original: Pixels, paint: Paint): Pixels {
  return painted(original.width, original.height, paint)
}

function noisy(original: Pixels, levels: number): Pixels {
  const random = new Random(9)
  return damaged(original, (x, y) => {
    const noise = (random.next() - 0.5) * levels
    const [red, green, blue] = pixelOf(original, x, y)
    return [red + noise, green + noise, blue + noise]
  })
}

function blurred(original: Pixels, radius: number): Pixels {
  const { width, height } = original
  return damaged(original, (x, y) => {
    const sum = [0, 0, 0] as [number, number, number]
    let count = 0
    for (let j = Math.max(0, y - radius); j <= Math.min(height - 1, y + radius); j++) {
      for (let i = Math.max(0, x - radius); i <= Math.min(width - 1, x + radius); i++) {
        pixelOf(original, i, j).forEach((value, c) => (sum[c as 0 | 1 | 2] += value))
        count++
      }
    }
    return [sum[0] / count, sum[1] / count, sum[2] / count]
  })
}

/** What lost packets leave: blocks of one grey. */
function holed(original: Pixels, percent: number): Pixels {
  const random = new Random(3)
  const lost = new Set<number>()
  for (let block = 0; block < 10_000; block++) if (random.chance(percent / 100)) lost.add(block)
  return damaged(original, (x, y) =>
    lost.has(100 * (y >> 4) + (x >> 4)) ? [128, 128, 128] : pixelOf(original, x, y),
  )
}

function shifted(original: Pixels, by: number): Pixels {
  return damaged(original, (x, y) => pixelOf(original, Math.max(0, x - by), y))
}

const DAMAGES: Readonly<Record<string, (original: Pixels) => Pixels>> = {
  'none at all': (original) => original,
  'little noise': (original) => noisy(original, 12),
  'much noise': (original) => noisy(original, 90),
  'a little blur': (original) => blurred(original, 1),
  'a small copy enlarged': (original) => blurred(original, 4),
  'one block in twenty missing': (original) => holed(original, 5),
  'one block in two missing': (original) => holed(original, 50),
  'all moved by two pixels': (original) => shifted(original, 2),
  'nothing on the screen': (original) => damaged(original, () => [247, 249, 249]),
}

function grey(picture: Pixels): Pixels {
  return damaged(picture, (x, y) => {
    const [red, green, blue] = pixelOf(picture, x, y)
    const luma = Math.round(0.299 * red + 0.587 * green + 0.114 * blue)
    return [luma, luma, luma]
  })
}

function disagreement(shown: Pixels, original: Pixels): number {
  const other = ssimOfSsimJs(shown, original, { downsample: false, ssim: 'original' }).mssim
  return Math.abs(ssim(shown, original) - other)
}

describe('two packages agree about the structural similarity of', () => {
  const shapes = [
    [240, 180],
    [120, 320],
  ] as const
  const cases = shapes.flatMap(([width, height]) =>
    Object.keys(DAMAGES).map((damage) => [width, height, damage] as const),
  )
  test.each(cases)('%d x %d with %s', (width, height, damage) => {
    const original = landscape(width, height)
    const shown = DAMAGES[damage]?.(original) ?? original
    expect(disagreement(shown, original)).toBeLessThan(AGREEMENT)
    expect(disagreement(grey(shown), grey(original))).toBeLessThan(AGREEMENT_IN_GREY)
  })

  test('pictures that differ in it: the damages are not all alike', () => {
    const original = landscape(240, 180)
    const values = Object.values(DAMAGES).map((damage) => ssim(damage(original), original))
    expect(Math.max(...values)).toBeCloseTo(1, 5)
    expect(Math.min(...values)).toBeLessThan(0.4)
  })
})
