import imageCompression from 'browser-image-compression'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Compression } from './compress'
import { compressPicture, outputType, runsOnWebKit, targetSize } from './compress'
import { bytesOf, sample } from './fixtures'
import type { PictureFacts } from './inspect'
import { inspectFile } from './inspect-file'
import { renderPicture } from './thumbnail'
import { runImageTask } from './worker/bridge'
import type { Rendering } from './worker/render'

vi.mock('browser-image-compression', () => ({ default: vi.fn<typeof imageCompression>() }))
vi.mock('./thumbnail', () => ({ renderPicture: vi.fn<typeof renderPicture>() }))
vi.mock('./worker/bridge', () => ({ runImageTask: vi.fn<typeof runImageTask>() }))

const IPHONE = {
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  maxTouchPoints: 5,
}
const CHROME_ON_IPHONE = {
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0.0.0 Mobile/15E148 Safari/604.1',
  maxTouchPoints: 5,
}
const IPAD = {
  userAgent:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  maxTouchPoints: 5,
}
const MAC = { ...IPAD, maxTouchPoints: 0 }
const ANDROID = {
  userAgent:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36',
  maxTouchPoints: 5,
}
const FIREFOX = {
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  maxTouchPoints: 0,
}

describe('runsOnWebKit', () => {
  it.each([
    ['Safari on an iPhone', IPHONE, true],
    ['Chrome on an iPhone', CHROME_ON_IPHONE, true],
    ['Safari on an iPad', IPAD, true],
    ['Safari on a Mac', MAC, true],
    ['Chrome on Android', ANDROID, false],
    ['Firefox', FIREFOX, false],
  ])('%s', (_name, { userAgent }, expected) => {
    expect(runsOnWebKit(userAgent)).toBe(expected)
  })
})

describe('outputType', () => {
  it.each([
    ['image/jpeg', true, true, 'image/jpeg'],
    ['image/jpeg', false, true, 'image/jpeg'],
    ['image/png', true, false, 'image/webp'],
    ['image/png', true, true, 'image/webp'],
    ['image/webp', true, false, 'image/webp'],
    ['image/png', false, false, 'image/png'],
    ['image/webp', false, false, 'image/png'],
    ['image/png', false, true, 'image/jpeg'],
    ['image/webp', false, true, 'image/jpeg'],
  ] as const)(
    'of %s (WebP can be written: %s, opaque: %s) is %s',
    (type, canEncodeWebp, isOpaque, expected) => {
      expect(outputType(type, { canEncodeWebp, isOpaque })).toBe(expected)
    },
  )
})

describe('targetSize', () => {
  const large = { width: 8064, height: 6048 }

  it.each([
    ['an iPhone', IPHONE],
    ['an iPad that calls itself a Mac', IPAD],
  ])('stays below the 16.7 megapixels that %s can draw', (_name, browser) => {
    const { width, height } = targetSize(large, null, browser)
    expect(width * height).toBeLessThanOrEqual(16_777_216)
    expect(width * height).toBeGreaterThan(16_700_000)
    expect(width / height).toBeCloseTo(4 / 3, 2)
  })

  it.each([
    ['an Android phone', ANDROID],
    ['a Mac', MAC],
    ['Firefox', FIREFOX],
  ])('is what was asked for on %s', (_name, browser) => {
    expect(targetSize(large, null, browser)).toEqual(large)
    expect(targetSize(large, 2048, browser)).toEqual({ width: 2048, height: 1536 })
  })

  it('is what was asked for where an iPhone can draw it', () => {
    expect(targetSize(large, 2048, IPHONE)).toEqual({ width: 2048, height: 1536 })
  })
})

describe('compressPicture', () => {
  const settings = { kind: 'compress', quality: 0.8, longestSidePx: 60 } as const
  const signal = new AbortController().signal
  const luminance = Uint8Array.from({ length: 1024 }, (_, cell) => 30 + (cell >> 5) * 6)
  const rendering: Rendering = {
    width: 120,
    height: 80,
    thumbnail: new Blob(),
    luminance,
    canEncodeWebp: true,
    isOpaque: true,
    copies: { placeholder: '3b', preview: Uint8Array.of(1, 2) },
  }
  const facts: PictureFacts = {
    name: 'cat.jpg',
    type: 'image/jpeg',
    bytes: 50_000,
    width: 120,
    height: 80,
    channels: 3,
    orientation: 1,
    hasLocation: false,
    animated: false,
    damage: null,
  }
  const original = new File([new Uint8Array(50_000)], 'cat.jpg', { type: 'image/jpeg' })

  beforeEach(() => {
    vi.stubGlobal('navigator', ANDROID)
    vi.stubGlobal('window', { location: { href: 'http://192.0.2.7:3000/send' } })
    vi.mocked(renderPicture).mockResolvedValue(rendering)
    vi.mocked(runImageTask).mockImplementation((_signal, name, input) => {
      if (name === 'inspect' && 'file' in input) return inspectFile(input.file)
      return Promise.resolve(null)
    })
  })

  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetAllMocks()
  })

  /** What the library makes of the picture. */
  async function libraryMakes(
    picture: { toBuffer(): Promise<Buffer> } | Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    const bytes = picture instanceof Uint8Array ? picture : await bytesOf(picture)
    vi.mocked(imageCompression).mockResolvedValue(new File([bytes], 'cat.jpg', { type: 'image/jpeg' }))
  }

  function compress(): Promise<Compression> {
    return compressPicture(signal, original, { facts, rendering }, settings, () => undefined)
  }

  it('has the library work in its worker, with its script from our own origin', async () => {
    await libraryMakes(sample(60, 40).jpeg())
    expect(await compress()).toMatchObject({
      ok: true,
      kind: 'smaller',
      header: { storedWidth: 60, storedHeight: 40 },
    })
    const options = vi.mocked(imageCompression).mock.calls[0]?.[1]
    expect(options).toMatchObject({
      useWebWorker: true,
      fileType: 'image/jpeg',
      initialQuality: 0.8,
      maxWidthOrHeight: 60,
    })
    expect(options?.libURL).toMatch(/browser-image-compression\/dist\/browser-image-compression\.js$/)
    expect(options?.libURL).not.toMatch(/^https/)
  })

  it('keeps the file when the copy is not smaller', async () => {
    await libraryMakes(new Uint8Array(50_000))
    expect(await compress()).toEqual({ ok: true, kind: 'kept' })
  })

  it.each([
    ['has the wrong size', async () => libraryMakes(sample(60, 50).jpeg())],
    ['lies on its side', async () => libraryMakes(sample(40, 60).jpeg())],
    [
      'would be turned once more',
      async () => libraryMakes(sample(60, 40).withMetadata({ orientation: 3 }).jpeg()),
    ],
    ['is cut off', async () => libraryMakes((await bytesOf(sample(60, 40).jpeg())).slice(0, -60))],
    ['is no picture', async () => libraryMakes(new Uint8Array(99))],
  ])('fails when the copy %s', async (_what, make) => {
    await make()
    expect(await compress()).toEqual({ ok: false, code: 'SHOAL_COMPRESS_FAILED' })
  })

  it.each([
    ['is black', { ...rendering, luminance: new Uint8Array(1024) }],
    ['cannot be drawn', null],
  ])('fails when the copy %s', async (_what, drawn) => {
    await libraryMakes(sample(60, 40).jpeg())
    vi.mocked(renderPicture).mockResolvedValue(drawn)
    expect(await compress()).toEqual({ ok: false, code: 'SHOAL_COMPRESS_FAILED' })
  })

  it('fails, and does not throw, when the library does', async () => {
    vi.mocked(imageCompression).mockRejectedValue(new Event('error'))
    expect(await compress()).toEqual({ ok: false, code: 'SHOAL_COMPRESS_FAILED' })
  })

  it('rejects with the reason when it was aborted', async () => {
    const abort = new AbortController()
    vi.mocked(imageCompression).mockImplementation(() => {
      abort.abort(new Error('another file was picked'))
      return Promise.reject(new Error('the library’s own'))
    })
    const compressing = compressPicture(
      abort.signal,
      original,
      { facts, rendering },
      settings,
      () => undefined,
    )
    await expect(compressing).rejects.toThrow('another file was picked')
  })

  it('draws in our own worker where the library would take the main thread', async () => {
    vi.stubGlobal('navigator', IPHONE)
    const smaller = new Blob([await bytesOf(sample(60, 40).jpeg())])
    vi.mocked(runImageTask).mockImplementation((_signal, name, input) => {
      if (name === 'inspect' && 'file' in input) return inspectFile(input.file)
      expect(name).toBe('redraw')
      return Promise.resolve(smaller)
    })
    expect(await compress()).toMatchObject({ ok: true, kind: 'smaller', file: smaller })
    expect(imageCompression).not.toHaveBeenCalled()
  })
})
