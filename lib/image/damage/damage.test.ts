import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'

import type { ImageType } from '@/lib/protocol/report'

import { asciiBytes, bytesOf, joinBytes, sample, sampleJpeg } from '../fixtures'
import { findDamage } from './damage'

type Kind = readonly [string, ImageType, Uint8Array]

let kinds: readonly Kind[]

beforeAll(async () => {
  const jpegs = [
    ['baseline', {}],
    ['full chroma', { chromaSubsampling: '4:4:4' }],
    ['lowest quality', { quality: 1 }],
    ['highest quality', { quality: 100 }],
    ['progressive', { progressive: true }],
    ['progressive, many scans', { mozjpeg: true }],
    ['progressive, highest quality', { progressive: true, quality: 100 }],
    ['fixed Huffman tables', { optimiseCoding: false }],
  ] as const
  kinds = [
    ...(await Promise.all(
      jpegs.map(async ([name, options]): Promise<Kind> => [name, 'image/jpeg', await sampleJpeg(options)]),
    )),
    ['grey', 'image/jpeg', await bytesOf(sample(37, 53, 1).toColourspace('b-w').jpeg())],
    [
      'grey progressive',
      'image/jpeg',
      await bytesOf(sample(37, 53, 1).toColourspace('b-w').jpeg({ progressive: true })),
    ],
    ['CMYK', 'image/jpeg', await bytesOf(sample(37, 53).toColourspace('cmyk').jpeg())],
    ['one pixel', 'image/jpeg', await bytesOf(sample(1, 1).jpeg())],
    ['true colour', 'image/png', await bytesOf(sample(120, 80).png())],
    ['interlaced', 'image/png', await bytesOf(sample(120, 80, 4).png({ progressive: true }))],
    ['palette', 'image/png', await bytesOf(sample(120, 80).png({ palette: true }))],
    ['lossy', 'image/webp', await bytesOf(sample(120, 80).webp())],
    ['lossy with alpha', 'image/webp', await bytesOf(sample(121, 81, 4).webp())],
    ['lossless', 'image/webp', await bytesOf(sample(120, 80).webp({ lossless: true }))],
  ]
})

describe('findDamage', () => {
  it('finds none in what encoders write', () => {
    for (const [name, type, bytes] of kinds)
      expect([name, type, findDamage(type, bytes)]).toEqual([name, type, null])
  })

  it('finds none when other data follows the picture, as gain maps and a phone’s notes do', () => {
    for (const [name, type, bytes] of kinds) {
      const followed = joinBytes(bytes, bytes, asciiBytes('SEFH and other notes'))
      expect([name, type, findDamage(type, followed)]).toEqual([name, type, null])
    }
  })

  it('finds every cut, wherever it is: at 40 places along the file and at each of its last bytes', () => {
    for (const [name, type, bytes] of kinds) {
      const places = Array.from(
        { length: 40 },
        (_, index) => 12 + Math.floor((index * (bytes.length - 20)) / 40),
      )
      const lastBytes = [8, 7, 6, 5, 4, 3, 2, 1].map((missing) => bytes.length - missing)
      for (const length of [...places, ...lastBytes]) {
        const reason = findDamage(type, bytes.subarray(0, length))
        if (reason === null) expect.unreachable(`${name} ${type} cut to ${length} of ${bytes.length} bytes`)
      }
    }
  })

  it('finds every changed byte of a PNG, but not in what follows it', () => {
    const [, type, whole] = kinds.find(([name]) => name === 'palette') ?? expect.unreachable()
    for (let at = 8; at < whole.length; at++) {
      const bytes = whole.slice()
      bytes[at] = (bytes[at] ?? 0) ^ 0x10
      if (findDamage(type, bytes) === null) expect.unreachable(`byte ${at}`)
    }
  })

  it('finds a stretch of other data in a JPEG', () => {
    const other = Uint8Array.from({ length: 512 }, (_, index) => (index * 167 + (index >> 3)) & 0xff)
    const found: string[] = []
    const jpegs = kinds.filter(([, type, bytes]) => type === 'image/jpeg' && bytes.length > 2500)
    for (const [name, type, whole] of jpegs) {
      const bytes = whole.slice()
      bytes.set(other, bytes.length >> 1)
      if (findDamage(type, bytes) !== null) found.push(name)
    }
    expect(found).toEqual(jpegs.map(([name]) => name))
    expect(found.length).toBeGreaterThan(4)
  })

  it('finds zeros where data was, as an interrupted copy leaves them', () => {
    for (const [name, type, whole] of kinds) {
      // WebP has no checksum and no markers: there the browser's decoder is the only judge.
      if (whole.length < 1500 || type === 'image/webp') continue
      const bytes = whole.slice().fill(0, whole.length >> 1)
      if (findDamage(type, bytes) === null) expect.unreachable(`${name} ${type}`)
    }
  })

  it('finds a lost restart interval', async () => {
    const jpeg = await bytesOf(sample(160, 8).jpeg({ chromaSubsampling: '4:4:4', quality: 30 }))
    expect(findDamage('image/jpeg', announcingRestarts(jpeg))).toBe('bad-data')
  })

  it('never throws, whatever was changed', () => {
    fc.assert(
      fc.property(
        fc.nat(kinds.length - 1),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (index, changes, keep) => {
          const [, type, whole] = kinds[index] ?? expect.unreachable()
          const bytes = whole.slice(0, Math.ceil(whole.length * Math.sqrt(keep)))
          for (const [share, value] of changes) bytes[Math.floor(share * (bytes.length - 1))] = value
          expect([null, 'truncated', 'bad-structure', 'bad-data', 'bad-checksum']).toContain(
            findDamage(type, bytes),
          )
        },
      ),
      { numRuns: 1500 },
    )
  })

  it('never throws on garbage behind a true signature', () => {
    const signatures: readonly [ImageType, Uint8Array][] = [
      ['image/jpeg', Uint8Array.of(0xff, 0xd8, 0xff)],
      ['image/png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
      ['image/webp', asciiBytes('RIFF\x40\0\0\0WEBP')],
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...signatures),
        fc.uint8Array({ maxLength: 200 }),
        ([type, signature], rest) => {
          expect(findDamage(type, joinBytes(signature, rest))).not.toBeNull()
        },
      ),
    )
  })
})

/** Says that a restart marker follows every unit, without putting any in. */
function announcingRestarts(jpeg: Uint8Array): Uint8Array {
  const scanAt = Buffer.from(jpeg).indexOf(Buffer.from([0xff, 0xda]))
  const interval = Uint8Array.of(0xff, 0xdd, 0, 4, 0, 1)
  return joinBytes(jpeg.subarray(0, scanAt), interval, jpeg.subarray(scanAt))
}
