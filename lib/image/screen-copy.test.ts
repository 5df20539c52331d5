import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { ImageType } from '@/lib/protocol/report'

import { bytesOf, sample, samplePixels } from './fixtures'
import { drawScreenCopy, isHeavy } from './screen-copy'
import { runImageTask } from './worker/bridge'

vi.mock('./worker/bridge', () => ({ runImageTask: vi.fn(() => Promise.resolve(new Blob(['copy']))) }))

const HEAVY = 8 * 2 ** 20 + 1
const CHROMIUM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'

beforeEach(() => {
  vi.clearAllMocks()
  vi.stubGlobal('OffscreenCanvas', EventTarget)
  vi.stubGlobal('navigator', { userAgent: CHROMIUM })
})

afterEach(() => {
  vi.unstubAllGlobals()
})

/** The bytes given, and as many behind them as make it heavy. */
function heavy(type: ImageType, beginning: Uint8Array<ArrayBuffer> = new Uint8Array(0)): Blob {
  return new Blob([beginning, new Uint8Array(HEAVY - beginning.length)], { type })
}

function draw(file: Blob, type: ImageType, channels = 3): Promise<Blob | null> {
  return drawScreenCopy(new AbortController().signal, { file, type, width: 5120, height: 3840, channels })
}

describe('isHeavy', () => {
  it('is said of more than 8 MiB', () => {
    expect(isHeavy(heavy('image/jpeg'))).toBe(true)
    expect(isHeavy(new Blob([new Uint8Array(HEAVY - 1)]))).toBe(false)
  })
})

describe('drawScreenCopy', () => {
  it('draws a heavy photo no larger than a screen', async () => {
    const file = heavy('image/jpeg')
    expect(await draw(file, 'image/jpeg')).toBeInstanceOf(Blob)
    expect(runImageTask).toHaveBeenCalledExactlyOnceWith(expect.anything(), 'redraw', {
      file,
      width: 2560,
      height: 1920,
      type: 'image/jpeg',
      quality: 0.9,
    })
  })

  it('keeps what is transparent', async () => {
    await draw(heavy('image/png', await bytesOf(sample(120, 80, 4).png())), 'image/png', 4)
    expect(vi.mocked(runImageTask).mock.calls[0]?.[2]).toMatchObject({ type: 'image/webp' })
  })

  it('leaves what moves, and what does not say', async () => {
    const frames = { raw: { width: 120, height: 160, channels: 3, pageHeight: 80 } } as const
    const moving = await bytesOf(sharp(samplePixels(120, 160, 3), frames).webp({ delay: [100, 100] }))
    expect(await draw(heavy('image/webp', moving), 'image/webp')).toBeNull()
    expect(await draw(heavy('image/png'), 'image/png')).toBeNull()
    expect(runImageTask).not.toHaveBeenCalled()
  })

  it('asks no browser for it that would decode in the page, or has no canvas in a worker', async () => {
    vi.stubGlobal('navigator', { userAgent: FIREFOX })
    expect(await draw(heavy('image/jpeg'), 'image/jpeg')).toBeNull()
    vi.stubGlobal('navigator', { userAgent: CHROMIUM })
    vi.stubGlobal('OffscreenCanvas', undefined)
    expect(await draw(heavy('image/jpeg'), 'image/jpeg')).toBeNull()
    expect(runImageTask).not.toHaveBeenCalled()
  })
})
