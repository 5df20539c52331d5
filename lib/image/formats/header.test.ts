import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'

import type { ImageType } from '@/lib/protocol/report'

import { asciiBytes, bytesOf, joinBytes, sample, sampleJpeg, samplePixels } from '../fixtures'
import { readHeader } from './header'

const POSITION = {
  GPSLatitudeRef: 'N',
  GPSLatitude: '51/1 30/1 0/1',
  GPSLongitudeRef: 'W',
  GPSLongitude: '0/1 7/1 0/1',
}

describe('readHeader', () => {
  it.each([
    ['colour JPEG', 'image/jpeg', 3, () => sample(120, 80).jpeg()],
    ['progressive JPEG', 'image/jpeg', 3, () => sample(120, 80).jpeg({ progressive: true })],
    ['grey JPEG', 'image/jpeg', 1, () => sample(120, 80, 1).toColourspace('b-w').jpeg()],
    ['CMYK JPEG', 'image/jpeg', 4, () => sample(120, 80).toColourspace('cmyk').jpeg()],
    ['colour PNG', 'image/png', 3, () => sample(120, 80).png()],
    ['grey PNG', 'image/png', 1, () => sample(120, 80, 1).toColourspace('b-w').png()],
    ['PNG with alpha', 'image/png', 4, () => sample(120, 80, 4).png()],
    ['palette PNG', 'image/png', 3, () => sample(120, 80).png({ palette: true, colours: 16 })],
    ['palette PNG with tRNS', 'image/png', 4, () => sample(120, 80, 4).png({ palette: true, colours: 16 })],
    ['lossy WebP', 'image/webp', 3, () => sample(120, 80).webp()],
    ['lossless WebP', 'image/webp', 3, () => sample(120, 80).webp({ lossless: true })],
    ['lossy WebP with alpha', 'image/webp', 4, () => sample(120, 80, 4).webp()],
    ['lossless WebP with alpha', 'image/webp', 4, () => sample(120, 80, 4).webp({ lossless: true })],
  ] as const)('reads size and channels of a %s', async (_what, type, channels, make) => {
    const header = readHeader(type, await bytesOf(make()))
    expect(header).toEqual({
      type,
      storedWidth: 120,
      storedHeight: 80,
      channels,
      orientation: 1,
      hasLocation: false,
      animated: false,
    })
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('reads orientation %i in all three types', async (orientation) => {
    const turned = () => sample(120, 80).withMetadata({ orientation })
    expect(readHeader('image/jpeg', await bytesOf(turned().jpeg()))).toMatchObject({ orientation })
    expect(readHeader('image/png', await bytesOf(turned().png()))).toMatchObject({ orientation })
    expect(readHeader('image/webp', await bytesOf(turned().webp()))).toMatchObject({ orientation })
  })

  it('finds a position in EXIF in all three types', async () => {
    const placed = () => sample(120, 80).withExif({ IFD3: POSITION })
    expect(readHeader('image/jpeg', await bytesOf(placed().jpeg()))).toMatchObject({ hasLocation: true })
    expect(readHeader('image/png', await bytesOf(placed().png()))).toMatchObject({ hasLocation: true })
    expect(readHeader('image/webp', await bytesOf(placed().webp()))).toMatchObject({ hasLocation: true })
  })

  it('does not take a camera with a clock for one with a position', async () => {
    const dated = sample(120, 80)
      .withExif({ IFD3: { GPSDateStamp: '2024:05:06' } })
      .jpeg()
    expect(readHeader('image/jpeg', await bytesOf(dated))).toMatchObject({ hasLocation: false })
  })

  it('finds a position in XMP, also behind the frame header', async () => {
    const plain = await sampleJpeg()
    const xmp = asciiBytes('http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude="51,30.0N"/>')
    const segment = joinBytes(Uint8Array.of(0xff, 0xe1, 0, xmp.length + 2), xmp)
    const scanAt = Buffer.from(plain).indexOf(Buffer.from([0xff, 0xda]))
    const bytes = joinBytes(plain.subarray(0, scanAt), segment, plain.subarray(scanAt))
    expect(readHeader('image/jpeg', bytes)).toMatchObject({ hasLocation: true })
  })

  it('knows a WebP that moves', async () => {
    const frames = sharp(samplePixels(120, 160, 3), {
      raw: { width: 120, height: 160, channels: 3, pageHeight: 80 },
    })
    const header = readHeader('image/webp', await bytesOf(frames.webp({ delay: [100, 100] })))
    expect(header).toMatchObject({ animated: true, storedWidth: 120, storedHeight: 80 })
  })

  it.each([
    ['image/jpeg', () => sample(120, 80).jpeg()],
    ['image/png', () => sample(120, 80).png()],
    ['image/webp', () => sample(120, 80).webp()],
  ] as const)('finds no size in the first 15 bytes of %s', async (type, make) => {
    expect(readHeader(type, (await bytesOf(make())).subarray(0, 15))).toBeNull()
  })

  it('never throws on a broken header, and never says a size of nothing', async () => {
    const placed = () => sample(40, 30, 4).withMetadata({ orientation: 6 }).withExifMerge({ IFD3: POSITION })
    const wholes: [ImageType, Uint8Array][] = [
      ['image/jpeg', await bytesOf(placed().jpeg({ progressive: true }))],
      ['image/png', await bytesOf(placed().png())],
      ['image/webp', await bytesOf(placed().webp())],
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...wholes),
        fc.nat(4000),
        fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { maxLength: 12 }),
        ([type, whole], length, changes) => {
          const bytes = whole.slice(0, length)
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
          const header = readHeader(type, bytes)
          if (header === null) return
          expect(header.storedWidth).toBeGreaterThan(0)
          expect(header.storedHeight).toBeGreaterThan(0)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
