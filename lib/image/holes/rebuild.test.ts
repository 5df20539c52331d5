import fc from 'fast-check'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'

import { readHeader } from '../formats/header'
import { bytesOf, restartJpeg, sample } from '../fixtures'
import { indexOf, randomFrom, withHoles } from './fixtures'
import { parseIndex } from './picture-index'
import { rebuildJpeg, type RebuiltJpeg, shownShare } from './rebuild'

interface Kind {
  readonly name: string
  readonly jpeg: Uint8Array
  /** Colours are stored at a smaller size: a decoder mixes those of neighbouring units. */
  readonly mixes: boolean
}

let kinds: readonly Kind[]

beforeAll(async () => {
  const make = async (name: string, picture: ReturnType<typeof sample>, mixes = false): Promise<Kind> => {
    return { name, jpeg: await bytesOf(picture), mixes }
  }
  kinds = [
    await make('4:2:0', sample(700, 401).jpeg({ quality: 85 }), true),
    await make('4:4:4', sample(333, 217).jpeg({ chromaSubsampling: '4:4:4' })),
    await make('4:4:4, highest quality', sample(200, 130).jpeg({ chromaSubsampling: '4:4:4', quality: 100 })),
    await make('lowest quality', sample(900, 700).jpeg({ quality: 5 }), true),
    await make('fixed tables', sample(500, 300).jpeg({ optimiseCoding: false }), true),
    await make('grey', sample(501, 333, 1).toColourspace('b-w').jpeg()),
    await make('CMYK', sample(300, 200).toColourspace('cmyk').jpeg()),
    await make('one row', sample(3000, 7).jpeg(), true),
    await make('one pixel', sample(1, 1).jpeg(), true),
    { name: 'restarts after each row', jpeg: await restartJpeg(24, 20, 24), mixes: true },
    { name: 'restarts after every 4 units', jpeg: await restartJpeg(24, 20, 4), mixes: true },
  ]
})

function rebuild(jpeg: Uint8Array, loss: number, seed: number): RebuiltJpeg {
  const index = parseIndex(indexOf(jpeg)) ?? expect.unreachable()
  return rebuildJpeg(index, withHoles(jpeg, loss, seed), null) ?? expect.unreachable()
}

/** As stored: colours are not converted. */
function decode(jpeg: Uint8Array) {
  // A warning of the decoder is an error here: the codes must be those of a sound file.
  const options = { failOn: 'warning', ignoreIcc: true } as const
  return sharp(jpeg, options).raw().toBuffer({ resolveWithObject: true })
}

/** Compares the pixels of all units that must be equal; how many units that were. */
async function compare({ jpeg, mixes }: Kind, rebuilt: RebuiltJpeg): Promise<number> {
  const [before, after] = [await decode(jpeg), await decode(rebuilt.jpeg)]
  expect(after.info).toEqual({ ...before.info, size: after.info.size })
  const { unitsAcross, unitsDown, unitWidth, unitHeight } = rebuilt.layout
  const isShown = (column: number, row: number) =>
    column < 0 ||
    row < 0 ||
    column >= unitsAcross ||
    row >= unitsDown ||
    rebuilt.shown[row * unitsAcross + column] === 1
  const { width, height, channels } = before.info
  let units = 0
  for (let row = 0; row < unitsDown; row++) {
    for (let column = 0; column < unitsAcross; column++) {
      const around = mixes ? [-1, 0, 1] : [0]
      if (!around.every((dy) => around.every((dx) => isShown(column + dx, row + dy)))) continue
      units++
      const right = Math.min(width, (column + 1) * unitWidth)
      for (let y = row * unitHeight; y < Math.min(height, (row + 1) * unitHeight); y++) {
        const from = (y * width + column * unitWidth) * channels
        const to = (y * width + right) * channels
        if (before.data.compare(after.data, from, to, from, to) !== 0)
          expect.unreachable(`unit ${column}, ${row}`)
      }
    }
  }
  return units
}

describe('a JPEG with holes', () => {
  test('[HO4] without a hole it decodes to the same pixels', async () => {
    for (const kind of kinds) {
      const rebuilt = rebuild(kind.jpeg, 0, 1)
      expect([kind.name, rebuilt.shown.includes(0), shownShare(rebuilt)]).toEqual([kind.name, false, 1])
      const [before, after] = [await decode(kind.jpeg), await decode(rebuilt.jpeg)]
      expect([kind.name, before.data.equals(after.data)]).toEqual([kind.name, true])
    }
  })

  test('[HO4] every unit that is shown has the pixels it has in the whole picture, whatever is lost', async () => {
    for (const kind of kinds) {
      let compared = 0
      for (let seed = 1; seed <= 15; seed++) {
        const loss = [0.03, 0.05, 0.1, 0.3, 0.7][seed % 5] ?? 0
        compared += await compare(kind, rebuild(kind.jpeg, loss, seed))
      }
      expect(compared).toBeGreaterThan(0)
    }
  }, 300_000)

  test('[HO4] a lost chunk costs what begins in it, and the unit that reaches into it', async () => {
    const jpeg = await bytesOf(sample(2000, 1500).jpeg({ quality: 90 }))
    for (let seed = 1; seed <= 5; seed++) {
      const { lost } = withHoles(jpeg, 0.05, seed)
      const heldShare = 1 - lost.filter(Boolean).length / lost.length
      expect(shownShare(rebuild(jpeg, 0.05, seed))).toBeGreaterThan(heldShare - 0.02)
    }
  })

  test('[HO4] parts of the index that are missing cost no more than what they tell', async () => {
    const jpeg = await bytesOf(sample(2000, 1500).jpeg({ quality: 90 }))
    const [head, ...rest] = indexOf(jpeg)
    const file = withHoles(jpeg, 0.05, 3)
    const shares = [rest.length, rest.length - 1, 0].map((count) => {
      const index = parseIndex([head ?? expect.unreachable(), ...rest.slice(0, count)])
      return shownShare(rebuildJpeg(index ?? expect.unreachable(), file, null) ?? expect.unreachable())
    })
    expect(shares[0]).toBeGreaterThan(shares[1] ?? 1)
    expect(shares[1]).toBeGreaterThan(shares[2] ?? 1)
  })

  test('[HO5] what is missing has the colours of the small copy, turned as the file is', async () => {
    // Red left, green right, as it is seen; stored on its side.
    const rgba = [255, 0, 0, 255, 0, 255, 0, 255]
    const jpeg = await bytesOf(sample(640, 480).jpeg())
    for (const [orientation, at] of [
      [1, 0],
      [3, 639],
      [6, 479 * 640],
      [8, 0],
    ] as const) {
      const index = parseIndex(indexOf(jpeg, orientation)) ?? expect.unreachable()
      const nothing = { bytes: new Uint8Array(jpeg.length), has: () => false }
      const rebuilt = rebuildJpeg(index, nothing, { width: 2, height: 1, rgba }) ?? expect.unreachable()
      expect(shownShare(rebuilt)).toBe(0)
      const { data } = await decode(rebuilt.jpeg)
      const [red, green, blue] = data.subarray(3 * at)
      expect([orientation, (red ?? 0) > 230, (green ?? 255) < 25, (blue ?? 255) < 25]).toEqual([
        orientation,
        true,
        true,
        true,
      ])
      expect(readHeader('image/jpeg', rebuilt.jpeg)).toMatchObject({
        orientation,
        storedWidth: 640,
        storedHeight: 480,
      })
    }
  })

  test('[HO6] a progressive picture has no index, and neither has what is no JPEG', async () => {
    expect(indexOf(await bytesOf(sample(300, 200).jpeg({ progressive: true })))).toEqual([])
    expect(indexOf(await bytesOf(sample(300, 200).jpeg({ mozjpeg: true })))).toEqual([])
  })

  test('[HO3] an index weighs about one hundredth of its picture', async () => {
    const jpeg = await bytesOf(sample(2000, 1500).jpeg({ quality: 90 }))
    const weight = indexOf(jpeg).reduce((bytes, part) => bytes + part.length, 0)
    expect(weight / jpeg.length).toBeLessThan(0.01)
  })

  test('[HO3] a wide-gamut profile goes with it, one for what is assumed anyway does not', async () => {
    const wide = await bytesOf(sample(300, 200).withIccProfile('p3').jpeg())
    const index = parseIndex(indexOf(wide)) ?? expect.unreachable()
    const file = { bytes: wide, has: () => true }
    const { jpeg } = rebuildJpeg(index, file, null) ?? expect.unreachable()
    expect((await sharp(jpeg).metadata()).icc).toEqual((await sharp(wide).metadata()).icc)
    const plain = await bytesOf(sample(300, 200).withIccProfile('srgb').jpeg())
    expect(parseIndex(indexOf(plain))?.profile).toHaveLength(0)
  })

  test('[HO7] an index that lies makes a wrong picture of the right size, or none, and nothing throws', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1000 }),
        fc.integer(),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 8 }),
        (which, seed, changes) => {
          const { jpeg } = kinds[which % kinds.length] ?? expect.unreachable()
          const random = randomFrom(seed)
          const parts = indexOf(jpeg).map((part) => part.slice())
          for (const [place, value] of changes) {
            const part = parts[Math.floor(random() * parts.length)]
            if (part) part[Math.floor(place * (part.length - 1))] = value
          }
          const index = parseIndex(parts)
          const rebuilt = index && rebuildJpeg(index, withHoles(jpeg, 0.1, seed), null)
          if (!rebuilt) return
          const { unitsAcross, unitsDown } = rebuilt.layout
          expect(rebuilt.shown).toHaveLength(unitsAcross * unitsDown)
          // A unit that is filled costs a few bytes; one that is copied, what it has in the file.
          expect(rebuilt.jpeg.length).toBeLessThan(3 * jpeg.length + 100 * unitsAcross * unitsDown + 10_000)
        },
      ),
      { numRuns: 300 },
    )
  }, 300_000)
})
