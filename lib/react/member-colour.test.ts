import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { initialsOf, MEMBER_HUES, memberHue } from './member-colour'

const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8')
/** Light first, then dark, as the file has them. */
const themes = [0, 1].map((index) => {
  const all = (name: string) =>
    [...css.matchAll(new RegExp(`--${name}: oklch\\(([\\d.]+)% ([\\d.]+)(?: ([\\d.]+))?`, 'g'))][index]
  const member = [...css.matchAll(/--member: oklch\(([\d.]+)% ([\d.]+) var/g)][index]
  const soft = [...css.matchAll(/--member-soft: oklch\(([\d.]+)% ([\d.]+) var/g)][index]
  const ground = (name: string) => luminance(...numbers(all(name)), Number(all(name)?.[3]))
  return {
    name: index === 0 ? 'light' : 'dark',
    ink: (hue: number) => luminance(...numbers(member), hue),
    grounds: (hue: number) => [
      ground('canvas'),
      ground('surface'),
      ground('sunken'),
      luminance(...numbers(soft), hue),
    ],
  }
})

const AA_CONTRAST = 4.5

describe('the colour of a member', () => {
  it.each(themes)('is read on every ground of the $name theme', ({ ink, grounds }) => {
    for (const hue of MEMBER_HUES) {
      for (const ground of grounds(hue)) {
        expect(contrast(ink(hue), ground), `hue ${hue}`).toBeGreaterThanOrEqual(AA_CONTRAST)
      }
    }
  })

  it('stays the same for the same device', () => {
    const device = 'ab'.repeat(32)
    expect(memberHue(device)).toBe(memberHue(device))
    expect(MEMBER_HUES).toContain(memberHue(''))
  })

  it('differs between most devices', () => {
    const hues = Array.from({ length: 200 }, (_, index) => memberHue(index.toString(16).padStart(64, '0')))
    expect(new Set(hues).size).toBe(MEMBER_HUES.length)
  })
})

describe('initials', () => {
  it.each([
    ['ANNA', 'A'],
    ['Firefox on Windows', 'FW'],
    ['ANNA (2)', 'A2'],
    ['🐟 shoal', '🐟S'],
    ['…', '·'],
  ])('of %s are %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials)
  })
})

function numbers(match: RegExpMatchArray | undefined): [number, number] {
  return [Number(match?.[1]) / 100, Number(match?.[2])]
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}

/** Relative luminance (WCAG 2) of an OKLCH colour, clipped to sRGB as browsers do. */
function luminance(lightness: number, chroma: number, hue: number): number {
  const angle = (hue * Math.PI) / 180
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((part) => Math.min(1, Math.max(0, part)))
  return 0.2126 * (linear[0] ?? NaN) + 0.7152 * (linear[1] ?? NaN) + 0.0722 * (linear[2] ?? NaN)
}

it('every hue has its class in the style sheet', () => {
  expect([...css.matchAll(/\.hue-(\d+) \{\s+--hue: (\d+);/g)].map(([, name, hue]) => [name, hue])).toEqual(
    MEMBER_HUES.map((hue) => [String(hue), String(hue)]),
  )
})
