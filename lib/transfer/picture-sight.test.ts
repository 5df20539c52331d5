import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { PieceOfPicture, ShownPicture } from '@/lib/image/worker/show-held'
import { chunkOf, digestOf, ID, manifestOf, pictureOf } from '@/lib/protocol/fixtures'
import type { Manifest } from '@/lib/protocol/packet/manifest'
import { PictureReceiver } from '@/lib/protocol/rx/picture-receiver'

import { PictureSight } from './picture-sight'

const CHUNKS = 100
const BYTES = CHUNKS * 1024
/** So long a preview may take before a placeholder is shown. */
const PLACEHOLDER_AFTER_MS = 40
/** When the first chunks come, ms after the announcement: a picture that takes a while. */
const LATER_MS = 2000
const THUMBHASH = '3bd50a0d8274878f7f68f8756d8080780800f8870800'
const SHOWN: ShownPicture = { jpeg: new Blob(['j']), mask: new Blob(['m']), share: 0.91234 }

let created: string[]
let revoked: string[]

beforeEach(() => {
  ;[created, revoked] = [[], []]
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    created.push(`blob:${created.length}`)
    return created.at(-1) ?? ''
  })
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void revoked.push(url))
})

afterEach(() => {
  vi.restoreAllMocks()
})

function setUp(changes: Partial<Manifest> = {}) {
  const state = { now: 0, isVisible: true }
  const timers: (() => void)[] = []
  const drawings: PieceOfPicture[] = []
  const answers: ((shown: ShownPicture | null) => void)[] = []
  const picture = pictureOf(BYTES)
  const core = new PictureReceiver(ID, manifestOf(BYTES, { mode: 'classic', ...changes }), {}, 0)
  const onChange = vi.fn()
  const showHeld = (_: AbortSignal, piece: PieceOfPicture) => {
    drawings.push(piece)
    return new Promise<ShownPicture | null>((resolve) => answers.push(resolve))
  }
  const options = {
    ...{ showHeld, drawCopy: () => Promise.resolve(null), isVisible: () => state.isVisible },
    schedule: (delayMs: number, run: () => void) => {
      if (delayMs === PLACEHOLDER_AFTER_MS) timers.push(run)
      // What is freed later is freed now.
      else run()
      return () => undefined
    },
  }
  const sight = new PictureSight(core, options, () => state.now, onChange)
  state.now = LATER_MS
  let next = 0
  return {
    ...{ state, core, sight, drawings, onChange },
    /** That many more chunks arrive, in order. */
    receive: (count: number) => {
      for (const end = next + count; next < end; next++) {
        core.handleData({ packetNumber: next, chunkIndex: next, payload: chunkOf(picture, next) }, state.now)
      }
    },
    addIndexPart: (part: number) => {
      core.handlePart('index', { part, parts: 3, payload: Uint8Array.of(part) }, state.now)
    },
    waitForPreview: () => {
      for (const run of timers.splice(0)) run()
    },
    /** No more will come. */
    freeze: () => core.abandon('SHOAL_PEER_GONE', state.now),
    answer: async (shown: ShownPicture | null) => {
      answers.shift()?.(shown)
      await new Promise((resolve) => setImmediate(resolve))
    },
    addPreview: (bytes: Uint8Array) => {
      core.handlePart('preview', { part: 0, parts: 1, payload: bytes }, state.now)
      sight.handlePreview()
    },
  }
}

const smallPicture = () =>
  sharp({ create: { width: 160, height: 120, channels: 3, background: 'red' } })
    .webp()
    .toBuffer()

describe('PictureSight', () => {
  it('draws the picture anew when enough of it came and some time has passed, never twice at a time', async () => {
    const { state, sight, drawings, receive, addIndexPart, answer, onChange } = setUp()
    addIndexPart(0)
    receive(5)
    sight.improve()
    expect(drawings).toHaveLength(0)
    receive(10)
    sight.improve()
    receive(30)
    sight.improve()
    expect(drawings).toHaveLength(1)
    state.now = LATER_MS + 50
    await answer(SHOWN)
    expect(sight.view.live).toEqual({ url: 'blob:0', maskUrl: 'blob:1', shownPercent: 91.2 })
    expect(onChange).toHaveBeenCalledTimes(1)
    state.now = LATER_MS + 399
    sight.improve()
    expect(drawings).toHaveLength(1)
    state.now = LATER_MS + 400
    sight.improve()
    expect(drawings).toHaveLength(2)
    expect(drawings.map(({ isOver, held }) => [isOver, held[0]])).toEqual([
      [false, 0xff],
      [false, 0xff],
    ])
  })

  it('draws nothing of a picture that is whole in a moment', () => {
    const { state, sight, drawings, receive, addIndexPart } = setUp()
    addIndexPart(0)
    state.now = 499
    receive(20)
    sight.improve()
    expect(drawings).toHaveLength(0)
    // At this pace all of it is here in less than two seconds.
    state.now = 999
    receive(30)
    sight.improve()
    expect(drawings).toHaveLength(0)
    state.now = 1000
    sight.improve()
    expect(drawings).toHaveLength(1)
  })

  it('rests three times as long as a drawing took', async () => {
    const { state, sight, drawings, receive, addIndexPart, answer } = setUp()
    addIndexPart(0)
    receive(20)
    sight.improve()
    state.now = LATER_MS + 1000
    await answer(SHOWN)
    receive(40)
    state.now = LATER_MS + 3999
    sight.improve()
    expect(drawings).toHaveLength(1)
    state.now = LATER_MS + 4000
    sight.improve()
    expect(drawings).toHaveLength(2)
  })

  it('draws nothing that nobody looks at, but for the end of it', () => {
    const { state, sight, drawings, receive, addIndexPart, freeze } = setUp()
    state.isVisible = false
    addIndexPart(0)
    receive(50)
    sight.improve()
    expect(drawings).toHaveLength(0)
    freeze()
    sight.improve()
    expect(drawings.map(({ isOver }) => isOver)).toEqual([true])
  })

  it('draws a picture with holes once more for all that came, and for every part of its index', async () => {
    const { sight, drawings, receive, addIndexPart, freeze, answer } = setUp()
    addIndexPart(0)
    receive(50)
    sight.improve()
    receive(1)
    freeze()
    sight.improve()
    await answer(SHOWN)
    sight.improve()
    await answer(SHOWN)
    sight.improve()
    expect(drawings).toHaveLength(2)
    addIndexPart(2)
    sight.improve()
    await answer(SHOWN)
    sight.improve()
    expect(drawings.map(({ index }) => index.length)).toEqual([1, 1, 2])
  })

  it('goes on when the worker could make nothing of it', async () => {
    const { state, sight, drawings, receive, addIndexPart, answer } = setUp()
    addIndexPart(1)
    receive(20)
    sight.improve()
    await answer(null)
    expect(sight.view.live).toBeNull()
    state.now = LATER_MS + 400
    receive(20)
    sight.improve()
    expect(drawings).toHaveLength(2)
  })

  it('shows nothing of what is whole, and gives back what it showed', async () => {
    const { sight, drawings, receive, addIndexPart, answer } = setUp({ sha256: digestOf(BYTES) })
    addIndexPart(0)
    receive(20)
    sight.improve()
    await answer(SHOWN)
    receive(80)
    sight.improve()
    expect(drawings).toHaveLength(1)
    sight.release()
    expect(sight.view.live).toBeNull()
    sight.close()
    expect(revoked).toEqual(created)
  })

  it('without an index shows the beginning, if that is of the announced kind', async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    for (const [type, urls] of [
      ['image/png', 1],
      ['image/webp', 0],
    ] as const) {
      created = []
      const { core, sight } = setUp({ type })
      const first = new Uint8Array(1024)
      first.set(png.subarray(0, 1024))
      core.handleData({ packetNumber: 0, chunkIndex: 0, payload: first }, 0)
      for (let i = 1; i < 20; i++) {
        core.handleData({ packetNumber: i, chunkIndex: i, payload: new Uint8Array(1024) }, 0)
      }
      sight.improve()
      expect(created).toHaveLength(urls)
    }
  })

  it('shows the beginning of a large picture only when it comes slowly, and copies no byte of it twice', async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const bytes = 5 * 2 ** 20
    const core = new PictureReceiver(ID, manifestOf(bytes, { type: 'image/png' }), {}, 0)
    let now = 0
    const options = {
      showHeld: () => expect.unreachable(),
      drawCopy: () => expect.unreachable(),
      isVisible: () => true,
      schedule: () => () => undefined,
    }
    const sight = new PictureSight(
      core,
      options,
      () => now,
      () => undefined,
    )
    const RealBlob = Blob
    const copied: number[] = []
    vi.stubGlobal(
      'Blob',
      class extends RealBlob {
        constructor(parts: BlobPart[], how?: BlobPropertyBag) {
          super(parts, how)
          for (const part of parts) if (ArrayBuffer.isView(part)) copied.push(part.byteLength)
        }
      },
    )
    const first = new Uint8Array(1024)
    first.set(png.subarray(0, 1024))
    let next = 0
    const receive = (until: number) => {
      for (; next < until; next++) {
        const payload = next === 0 ? first : new Uint8Array(1024)
        core.handleData({ packetNumber: next, chunkIndex: next, payload }, now)
      }
      sight.improve()
    }
    receive(1500)
    now = 1999
    receive(2600)
    expect(created).toHaveLength(0)
    // At this pace all of it would be here within six seconds.
    now = 2700
    receive(2601)
    expect(copied).toEqual([])
    // One piece at a time.
    now = 5500
    receive(2601)
    expect(copied).toEqual([2 ** 20])
    receive(2601)
    expect(created).toHaveLength(0)
    receive(2601)
    expect(copied).toEqual([2 ** 20, 2 ** 20, 553 * 1024])
    now = 7000
    receive(3700)
    receive(3700)
    vi.unstubAllGlobals()
    expect(created).toHaveLength(2)
    expect(copied.slice(3)).toEqual([2 ** 20, 628 * 1024])
    expect(sight.view.live?.url).toBe('blob:1')
  })

  it('leaves a picture alone that is too large to be copied', () => {
    const { core, sight, drawings } = setUp()
    const huge = new PictureReceiver(ID, manifestOf(2 ** 26), {}, 0)
    huge.handlePart('index', { part: 0, parts: 1, payload: Uint8Array.of(0) }, 0)
    const options = {
      showHeld: () => expect.unreachable(),
      drawCopy: () => expect.unreachable(),
      isVisible: () => true,
      schedule: () => () => undefined,
    }
    let now = 0
    const large = new PictureSight(
      huge,
      options,
      () => now,
      () => undefined,
    )
    now = 60_000
    for (let i = 0; i < 10_000; i++)
      huge.handleData({ packetNumber: i, chunkIndex: i, payload: new Uint8Array(1024) }, 0)
    large.improve()
    sight.improve()
    expect([core.assembler.held, drawings.length]).toEqual([0, 0])
  })

  it('shows a preview that is a small picture', async () => {
    const { sight, addPreview } = setUp()
    addPreview(await smallPicture())
    expect(sight.view.previewUrl).toBe('blob:0')
    sight.close()
    expect([revoked, sight.view.previewUrl]).toEqual([['blob:0'], null])
  })

  it.each([
    ['a script', Buffer.from('<svg onload="alert(1)"/>')],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['a picture without a size', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
  ])('never hands %s to a decoder', (_what, bytes) => {
    const { sight, addPreview } = setUp()
    addPreview(bytes)
    expect([sight.view.previewUrl, created]).toEqual([null, []])
  })

  it('never hands a few bytes that claim to be a huge picture to a decoder', async () => {
    const bomb = sharp({ create: { width: 4000, height: 4000, channels: 3, background: 'red' } })
    const { sight, addPreview } = setUp()
    addPreview((await bomb.webp({ quality: 1 }).toBuffer()).subarray(0, 1024))
    expect(sight.view.previewUrl).toBeNull()
  })

  it('shows a placeholder when no preview has come after a moment, and none that is no thumbhash', () => {
    const blurOf = (placeholder: string) => {
      const { sight, waitForPreview, onChange } = setUp({ placeholder })
      expect(sight.view.placeholderUrl).toBeNull()
      waitForPreview()
      expect(onChange).toHaveBeenCalledTimes(sight.view.placeholderUrl ? 1 : 0)
      return sight.view.placeholderUrl
    }
    expect(blurOf(THUMBHASH)).toMatch(/^data:image\/png/)
    expect(blurOf('')).toBeNull()
    expect(blurOf('ff')).toBeNull()
  })

  it('shows no placeholder behind a preview, nor once it is closed', async () => {
    const early = setUp({ placeholder: THUMBHASH })
    early.addPreview(await smallPicture())
    early.waitForPreview()
    expect(early.sight.view.placeholderUrl).toBeNull()
    const closed = setUp({ placeholder: THUMBHASH })
    closed.sight.close()
    closed.waitForPreview()
    expect(closed.sight.view.placeholderUrl).toBeNull()
    expect(closed.onChange).not.toHaveBeenCalled()
  })
})
