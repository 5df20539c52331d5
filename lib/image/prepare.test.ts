import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Compression } from './compress'
import { compressPicture } from './compress'
import { bytesOf, sample } from './fixtures'
import type { PictureHeader } from './formats/facts'
import { inspectFile } from './inspect-file'
import { preparePicture } from './prepare'
import { DEFAULT_SETTINGS, ORIGINAL_SETTINGS } from './settings'
import type * as thumbnail from './thumbnail'
import { renderPicture } from './thumbnail'
import type * as bridge from './worker/bridge'
import type { Rendering } from './worker/render'

// What needs a browser is played: the worker's inspection runs here, drawing and compressing are told.
vi.mock('./worker/bridge', () => ({
  runImageTask: vi.fn<typeof bridge.runImageTask>((signal, name, input) => {
    signal.throwIfAborted()
    if (name !== 'inspect' || !('file' in input)) expect.unreachable(name)
    return inspectFile(input.file)
  }),
}))
vi.mock('./compress', () => ({ compressPicture: vi.fn<typeof compressPicture>() }))
vi.mock('./thumbnail', async (original) => ({
  ...(await original<typeof thumbnail>()),
  renderPicture: vi.fn<typeof renderPicture>(),
}))

const MAX = { maxBytes: 1_000_000 }
const signal = new AbortController().signal

const rendering: Rendering = {
  width: 120,
  height: 80,
  thumbnail: new Blob(['small'], { type: 'image/webp' }),
  luminance: new Uint8Array(1024),
  canEncodeWebp: true,
  isOpaque: true,
  copies: { placeholder: '3b', preview: Uint8Array.of(1, 2) },
}

const smallerHeader: PictureHeader = {
  type: 'image/jpeg',
  storedWidth: 60,
  storedHeight: 40,
  channels: 3,
  orientation: 1,
  hasLocation: false,
  animated: false,
}

let jpeg: Uint8Array<ArrayBuffer>

beforeEach(async () => {
  jpeg = Uint8Array.from(
    await bytesOf(
      sample(120, 80)
        .withExif({ IFD3: { GPSLatitude: '1/1 0/1 0/1' } })
        .jpeg(),
    ),
  )
  vi.mocked(renderPicture).mockResolvedValue(rendering)
  compressesTo({
    ok: true,
    kind: 'smaller',
    file: new Blob(['tiny'], { type: 'image/jpeg' }),
    header: smallerHeader,
    index: [Uint8Array.of(7)],
  })
})

afterEach(() => {
  vi.resetAllMocks()
})

function compressesTo(compression: Compression): void {
  vi.mocked(compressPicture).mockResolvedValue(compression)
}

function photo(name = 'cat.jpg', type = 'image/jpeg'): File {
  return new File([jpeg], name, { type })
}

describe('preparePicture', () => {
  it('hands over the original untouched, and says that it names a place', async () => {
    const prepared = await preparePicture(signal, photo(), ORIGINAL_SETTINGS, MAX)
    expect(prepared).toMatchObject({
      ok: true,
      picture: { name: 'cat.jpg', type: 'image/jpeg', width: 120, height: 80, channels: 3 },
      notes: ['location-included'],
    })
    const bytes = prepared.ok ? new Uint8Array(await prepared.picture.file.arrayBuffer()) : null
    expect(bytes).toEqual(jpeg)
    expect(compressPicture).not.toHaveBeenCalled()
  })

  it('hands over the smaller copy with its own facts', async () => {
    const prepared = await preparePicture(signal, photo(), DEFAULT_SETTINGS, MAX)
    expect(prepared).toMatchObject({
      ok: true,
      picture: { name: 'cat.jpg', width: 60, height: 40 },
      before: { bytes: jpeg.length, width: 120, hasLocation: true },
      after: { bytes: 4, width: 60, hasLocation: false },
      notes: ['location-removed'],
    })
  })

  it('gives the name the ending of the new type', async () => {
    const header = { ...smallerHeader, type: 'image/webp' as const }
    compressesTo({ ok: true, kind: 'smaller', file: new Blob(['tiny']), header, index: [] })
    const prepared = await preparePicture(signal, photo(), DEFAULT_SETTINGS, MAX)
    expect(prepared).toMatchObject({ picture: { name: 'cat.webp', type: 'image/webp' } })
    expect(prepared).toMatchObject({ notes: ['type-changed', 'location-removed'] })
  })

  it('keeps the file when compressing it gains nothing', async () => {
    compressesTo({ ok: true, kind: 'kept' })
    const prepared = await preparePicture(signal, photo(), DEFAULT_SETTINGS, MAX)
    expect(prepared).toMatchObject({ picture: { width: 120 }, notes: ['already-small', 'location-included'] })
    expect(prepared.ok && prepared.after === prepared.before).toBe(true)
  })

  it('sends a damaged picture as it is, with a warning', async () => {
    const cut = new File([jpeg.slice(0, jpeg.length - 400)], 'cat.jpg', { type: 'image/jpeg' })
    const prepared = await preparePicture(signal, cut, DEFAULT_SETTINGS, MAX)
    expect(prepared).toMatchObject({ ok: true, before: { damage: 'SHOAL_IMAGE_DAMAGED' } })
    expect(prepared.ok && prepared.notes).toContain('kept-damaged')
    expect(compressPicture).not.toHaveBeenCalled()
  })

  it('sends a picture that moves as it is', async () => {
    const frames = sample(120, 80, 4).png()
    const png = await bytesOf(frames)
    // An animation control chunk behind IHDR makes an APNG; its checksum is right.
    const control = Uint8Array.from([
      0, 0, 0, 8, 97, 99, 84, 76, 0, 0, 0, 2, 0, 0, 0, 0, 0xf3, 0x8d, 0x93, 0x70,
    ])
    const moving = new File([png.subarray(0, 33), control, png.subarray(33)], 'cat.png', {
      type: 'image/png',
    })
    const prepared = await preparePicture(signal, moving, DEFAULT_SETTINGS, MAX)
    expect(prepared).toMatchObject({
      ok: true,
      before: { animated: true, damage: null },
      notes: ['kept-animated'],
    })
    expect(compressPicture).not.toHaveBeenCalled()
  })

  it('gives a file without a type its true one', async () => {
    const prepared = await preparePicture(signal, photo('cat', ''), ORIGINAL_SETTINGS, MAX)
    expect(prepared).toMatchObject({ picture: { name: 'cat.jpg', file: { type: 'image/jpeg' } } })
    await preparePicture(signal, photo('cat', ''), DEFAULT_SETTINGS, MAX)
    expect(vi.mocked(compressPicture).mock.calls[0]?.[1].type).toBe('image/jpeg')
  })

  it('reads and draws a file once, however often its settings change', async () => {
    const file = photo()
    const first = await preparePicture(signal, file, DEFAULT_SETTINGS, MAX)
    const second = await preparePicture(signal, file, ORIGINAL_SETTINGS, MAX)
    expect(renderPicture).toHaveBeenCalledTimes(1)
    expect(first.ok && second.ok && first.before === second.before).toBe(true)
    // Each result has its own URL, since each is revoked by whoever got it.
    expect(first.ok && second.ok && first.thumbnailUrl !== second.thumbnailUrl).toBe(true)
  })

  it('believes the browser about which way round a picture is shown', async () => {
    vi.mocked(renderPicture).mockResolvedValue({ ...rendering, width: 80, height: 120 })
    expect(await preparePicture(signal, photo(), ORIGINAL_SETTINGS, MAX)).toMatchObject({
      picture: { width: 80, height: 120 },
    })
  })

  it.each([
    ['the original', ORIGINAL_SETTINGS],
    ['the smaller copy', DEFAULT_SETTINGS],
  ])('refuses %s when it is over the cap', async (_what, settings) => {
    const prepared = await preparePicture(signal, photo(), settings, { maxBytes: 3 })
    expect(prepared).toEqual({ ok: false, code: 'SHOAL_IMAGE_TOO_LARGE' })
  })

  it('makes a file smaller that is over the cap as it is', async () => {
    expect(await preparePicture(signal, photo(), DEFAULT_SETTINGS, { maxBytes: 10 })).toMatchObject({
      ok: true,
    })
  })

  it('leaves the choice to the person when compressing fails', async () => {
    compressesTo({ ok: false, code: 'SHOAL_COMPRESS_FAILED' })
    const prepared = await preparePicture(signal, photo(), DEFAULT_SETTINGS, MAX)
    expect(prepared).toEqual({ ok: false, code: 'SHOAL_COMPRESS_FAILED' })
  })

  it('reports progress that only grows, and what the file is before it is compressed', async () => {
    const seen: (number | string)[] = []
    vi.mocked(compressPicture).mockImplementation((_signal, _file, _before, _settings, onProgress) => {
      onProgress(0.5)
      return Promise.resolve({ ok: true, kind: 'kept' })
    })
    await preparePicture(signal, photo(), DEFAULT_SETTINGS, {
      ...MAX,
      onProgress: (progress) => seen.push(progress),
      onInspected: ({ name }) => seen.push(name),
    })
    expect(seen).toEqual([0, 'cat.jpg', 0.2, expect.closeTo(0.6), 1])
  })

  it('rejects with the reason once it is aborted', async () => {
    const abort = new AbortController()
    vi.mocked(compressPicture).mockImplementation((given) => {
      abort.abort(new Error('another file was picked'))
      given.throwIfAborted()
      return expect.unreachable()
    })
    const preparing = preparePicture(abort.signal, photo(), DEFAULT_SETTINGS, MAX)
    await expect(preparing).rejects.toThrow('another file was picked')
  })

  it('returns a code, and does not reject, when the worker cannot run', async () => {
    vi.mocked(renderPicture).mockRejectedValue(new TypeError('no worker'))
    const prepared = await preparePicture(signal, photo(), DEFAULT_SETTINGS, MAX)
    expect(prepared).toEqual({ ok: false, code: 'SHOAL_INTERNAL' })
  })
})
