import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { asciiBytes, bytesOf, joinBytes, sample } from '../fixtures'
import { SNIFF_BYTES, sniffType } from './sniff'

function ftyp(major: string, ...compatible: string[]): Uint8Array {
  const size = 16 + 4 * compatible.length
  return joinBytes(Uint8Array.of(0, 0, 0, size), asciiBytes(`ftyp${major}\0\0\0\0${compatible.join('')}`))
}

describe('sniffType', () => {
  it.each([
    ['image/jpeg', () => sample(9, 9).jpeg()],
    ['image/png', () => sample(9, 9).png()],
    ['image/webp', () => sample(9, 9).webp()],
    ['unknown', () => sample(9, 9).gif()],
    ['unknown', () => sample(9, 9).tiff()],
  ])('finds %s by what an encoder wrote', async (type, make) => {
    expect(sniffType((await bytesOf(make())).subarray(0, SNIFF_BYTES))).toBe(type)
  })

  it.each([
    ['the still pictures of an iPhone', ftyp('heic', 'mif1', 'heic'), 'heic'],
    ['a generic container that names HEVC', ftyp('mif1', 'mif1', 'miaf', 'heix'), 'heic'],
    ['a generic container that names nothing', ftyp('mif1', 'miaf'), 'heic'],
    ['AVIF', ftyp('avif', 'mif1', 'miaf'), 'unknown'],
    ['AVIF in a generic container', ftyp('mif1', 'avif', 'miaf'), 'unknown'],
    ['a film', ftyp('isom', 'mp41', 'avc1'), 'unknown'],
    ['text', asciiBytes('Dear Anna, here is the photo you asked for.'), 'unknown'],
    ['WAVE sound, which is RIFF too', asciiBytes('RIFF\x24\0\0\0WAVEfmt '), 'unknown'],
    ['nothing', new Uint8Array(), 'unknown'],
    ['three bytes', Uint8Array.of(0x89, 0x50, 0x4e), 'unknown'],
  ])('takes %s for what it is', (_what, bytes, type) => {
    expect(sniffType(bytes)).toBe(type)
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, boxed) => {
        const input = boxed ? joinBytes(bytes.subarray(0, 4), asciiBytes('ftyp'), bytes) : bytes
        expect(['image/jpeg', 'image/png', 'image/webp', 'heic', 'unknown']).toContain(sniffType(input))
      }),
    )
  })
})
