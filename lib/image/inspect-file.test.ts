import { describe, expect, it } from 'vitest'

import { asciiBytes, bytesOf, sample, sampleJpeg } from './fixtures'
import { inspectFile, sniffFile } from './inspect-file'

const CAP = 1_000_000

/** A file that the system no longer lets the browser read. */
const unreadable = Object.assign(new Blob(['gone']), {
  slice: () => unreadable,
  arrayBuffer: () => Promise.reject(new DOMException('The file was moved', 'NotReadableError')),
})

describe('sniffFile', () => {
  it.each([
    ['0 bytes', new Blob(), 'SHOAL_FILE_EMPTY'],
    ['more bytes than the cap', new Blob([new Uint8Array(CAP + 1)]), 'SHOAL_IMAGE_TOO_LARGE'],
    ['text renamed to .jpg', new File(['Dear Anna'], 'x.jpg', { type: 'image/jpeg' }), 'SHOAL_NOT_AN_IMAGE'],
    ['HEIC', new Blob([Uint8Array.of(0, 0, 0, 24), 'ftypheic\0\0\0\0mif1heic']), 'SHOAL_HEIC_UNSUPPORTED'],
    [
      'HEIC renamed to .jpg',
      new File([Uint8Array.of(0, 0, 0, 24), 'ftypheic\0\0\0\0mif1heic'], 'x.jpg'),
      'SHOAL_HEIC_UNSUPPORTED',
    ],
    ['a file that is gone', unreadable, 'SHOAL_FILE_UNREADABLE'],
  ])('says to %s what is wrong', async (_what, file, code) => {
    expect(await sniffFile(file, CAP)).toEqual({ ok: false, code })
  })

  it('goes by the bytes and not by the name', async () => {
    const png = new File([await bytesOf(sample(9, 9).png())], 'photo.jpg', { type: 'image/jpeg' })
    expect(await sniffFile(png, CAP)).toEqual({ ok: true, type: 'image/png' })
  })
})

describe('inspectFile', () => {
  it('reads what the page shows', async () => {
    const file = new Blob([await bytesOf(sample(120, 80).withMetadata({ orientation: 6 }).jpeg())])
    expect(await inspectFile(file)).toMatchObject({
      ok: true,
      damage: null,
      header: { type: 'image/jpeg', storedWidth: 120, storedHeight: 80, channels: 3, orientation: 6 },
    })
  })

  it('says that a cut picture is damaged, and still what it is', async () => {
    const whole = await sampleJpeg()
    const cut = new Blob([whole.slice(0, whole.length / 2)])
    expect(await inspectFile(cut)).toMatchObject({
      ok: true,
      damage: 'truncated',
      header: { storedWidth: 120 },
    })
  })

  it.each([
    [
      'a picture cut off before its size',
      new Blob([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)]),
      'SHOAL_IMAGE_DAMAGED',
    ],
    ['what is no picture', new Blob([asciiBytes('text')]), 'SHOAL_NOT_AN_IMAGE'],
    ['a file that is gone', unreadable, 'SHOAL_FILE_UNREADABLE'],
  ])('gives no facts of %s', async (_what, file, code) => {
    expect(await inspectFile(file)).toEqual({ ok: false, code })
  })
})
