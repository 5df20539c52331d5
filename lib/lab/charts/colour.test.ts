import { describe, expect, it } from 'vitest'

import { contrast, hexOf, mixed, seeThrough } from './colour'
import { ALL_MARKS, SHAPES } from './marks'

/** The ground that charts stand on, by day and by night: `--surface`. */
const GROUNDS = { light: '#ffffff', dark: '#0e1f27' } as const

/** What a colour becomes for eyes without one kind of cone (Machado, Oliveira, Fernandes 2009, severity 1). */
const DEFICIENCIES = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
} as const

describe('hexOf', () => {
  it.each([
    ['oklch(80% 0.105 198)', '#5ed2d6'],
    ['lab(77.8604% -33.5422 -12.3165)', '#5ed2d6'],
    ['oklch(24% 0.03 228)', '#0f222a'],
    ['lab(11.9378% -5.91943 -8.21832)', '#0f222a'],
    ['oklch(100% 0 0)', '#ffffff'],
    ['lab(100% 0 0)', '#ffffff'],
    [' #5ed2d6 ', '#5ed2d6'],
    ['rebeccapurple', 'rebeccapurple'],
    ['', ''],
  ])('%s is %s', (css, hex) => {
    expect(hexOf(css)).toBe(hex)
  })
})

describe('mixed and seeThrough', () => {
  it('goes from one colour to the other', () => {
    expect(mixed('#000000', '#ff8040', 0)).toBe('#000000')
    expect(mixed('#000000', '#ff8040', 0.5)).toBe('#804020')
    expect(mixed('#000000', '#ff8040', 1)).toBe('#ff8040')
    expect(seeThrough('#ff8040', 0.25)).toBe('rgba(255,128,64,0.25)')
  })
})

describe('the marks of the contenders', () => {
  it.each(ALL_MARKS)('$name is seen on the page by day and by night', ({ colour }) => {
    expect(contrast(colour.light, GROUNDS.light)).toBeGreaterThanOrEqual(3)
    expect(contrast(colour.dark, GROUNDS.dark)).toBeGreaterThanOrEqual(3)
  })

  it('differ in dash and in shape without their colours', () => {
    expect(new Set(ALL_MARKS.map(({ dash }) => JSON.stringify(dash))).size).toBe(ALL_MARKS.length)
    expect(new Set(ALL_MARKS.map(({ shape }) => shape)).size).toBe(ALL_MARKS.length)
    expect(Object.values(SHAPES)).toHaveLength(ALL_MARKS.length)
  })

  it.each(['light', 'dark'] as const)(
    'of the three modes and the reliable channel differ for colour-blind eyes, %s',
    (theme) => {
      const main = ALL_MARKS.filter(({ name }) => /^(Assured|Classic|Repair|Reliable channel)$/.test(name))
      expect(main).toHaveLength(4)
      for (const matrix of Object.values(DEFICIENCIES)) {
        main.forEach((first, i) => {
          for (const second of main.slice(i + 1)) {
            const [one, other] = [first, second].map(({ colour }) => seenBy(colour[theme], matrix))
            expect(Math.hypot(...one!.map((value, at) => value - other![at]!))).toBeGreaterThan(40)
          }
        })
      }
    },
  )
})

function seenBy(hex: string, matrix: readonly number[]): number[] {
  const rgb = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16))
  return [0, 3, 6].map((row) => rgb.reduce((sum, value, i) => sum + value * matrix[row + i]!, 0))
}
