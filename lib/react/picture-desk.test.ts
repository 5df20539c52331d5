import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Preparation, PreparePicture, PrepareOptions } from '@/lib/image/prepare'
import type { PictureFacts } from '@/lib/image/inspect'
import { DEFAULT_SETTINGS, ORIGINAL_SETTINGS } from '@/lib/image/settings'

import { PictureDesk } from './picture-desk'

const FACTS: PictureFacts = {
  name: 'harbour.jpg',
  type: 'image/jpeg',
  bytes: 4,
  width: 8,
  height: 6,
  channels: 3,
  orientation: 1,
  hasLocation: false,
  animated: false,
  damage: null,
}

function prepared(file: File): Preparation {
  const picture = { file, name: file.name, type: 'image/jpeg', width: 8, height: 6, channels: 3 } as const
  return { ok: true, picture, before: FACTS, after: FACTS, thumbnailUrl: 'blob:of-prepare', notes: [] }
}

interface Job {
  readonly signal: AbortSignal
  readonly file: File
  readonly options: PrepareOptions
  readonly end: (outcome: Preparation) => void
}

describe('PictureDesk', () => {
  let jobs: Job[]
  let revoked: string[]
  let desk: PictureDesk
  const first = new File(['1'], 'first.jpg')
  const second = new File(['2'], 'second.jpg')

  const prepare: PreparePicture = (signal, file, _settings, options) =>
    new Promise((end) => {
      jobs.push({ signal, file, options, end })
    })

  beforeEach(() => {
    jobs = []
    revoked = []
    vi.spyOn(URL, 'createObjectURL').mockImplementation(() => `blob:${jobs.length}`)
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void revoked.push(url))
    vi.useFakeTimers()
    desk = new PictureDesk(prepare, DEFAULT_SETTINGS, () => 1000)
  })

  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  async function end(index: number, outcome: Preparation): Promise<void> {
    jobs[index]!.end(outcome)
    await vi.runAllTimersAsync()
  }

  it('is ready with the picture that was prepared, under the cap of the room', async () => {
    desk.pick([first])
    expect(desk.getState()).toMatchObject({ phase: 'preparing', file: first, picture: null })
    expect(jobs[0]!.options.maxBytes).toBe(1000)
    await end(0, prepared(first))
    expect(desk.getState()).toMatchObject({ phase: 'ready', picture: { file: first } })
  })

  it('shows what the file is before it is compressed', () => {
    desk.pick([first])
    jobs[0]!.options.onInspected?.(FACTS, new Blob(['t']))
    jobs[0]!.options.onProgress?.(0.4)
    expect(desk.getState()).toMatchObject({ facts: FACTS, thumbnailUrl: 'blob:1', progress: 0.4 })
  })

  it('keeps the reason when a file cannot be sent, and the file with it', async () => {
    desk.pick([first])
    await end(0, { ok: false, code: 'SHOAL_NOT_AN_IMAGE' })
    expect(desk.getState()).toMatchObject({ phase: 'failed', file: first, errorCode: 'SHOAL_NOT_AN_IMAGE' })
  })

  it('drops the work on a file that is replaced, and frees its preview', async () => {
    desk.pick([first])
    jobs[0]!.options.onInspected?.(FACTS, new Blob(['t']))
    desk.pick([second])
    expect(jobs[0]!.signal.aborted).toBe(true)
    // Not while an image on the page may still be loading from it.
    expect(revoked).toEqual([])
    vi.advanceTimersByTime(1000)
    expect(revoked).toEqual(['blob:1'])
    await end(0, prepared(first))
    expect(desk.getState()).toMatchObject({ phase: 'preparing', file: second })
    expect(revoked).toContain('blob:of-prepare')
  })

  it('prepares once more when the settings rest, not for each step of the slider', async () => {
    desk.pick([first])
    await end(0, prepared(first))
    desk.setSettings({ kind: 'compress', quality: 0.5, longestSidePx: null })
    desk.setSettings({ kind: 'compress', quality: 0.6, longestSidePx: null })
    desk.setSettings(ORIGINAL_SETTINGS)
    expect(desk.getState()).toMatchObject({ phase: 'preparing', picture: null, settings: ORIGINAL_SETTINGS })
    await vi.runAllTimersAsync()
    expect(jobs).toHaveLength(2)
  })

  it('takes files that were picked together one after the other, as one pick', async () => {
    desk.pick([first, second])
    const { pickId, waiting } = desk.getState()
    expect(waiting).toEqual([second])
    await end(0, prepared(first))
    desk.advance()
    expect(desk.getState()).toMatchObject({ pickId, file: second, waiting: [], phase: 'preparing' })
    desk.advance()
    expect(desk.getState().file).toBe(second)
  })

  it('says what was wrong with something that is no file', () => {
    desk.reject('SHOAL_NO_FILE')
    expect(desk.getState()).toMatchObject({ phase: 'failed', file: null, errorCode: 'SHOAL_NO_FILE' })
  })

  it('turns what the pipeline throws into an error that can be shown', async () => {
    const broken = new PictureDesk(
      () => Promise.reject(new Error('no network')),
      DEFAULT_SETTINGS,
      () => 1,
    )
    broken.pick([first])
    await vi.runAllTimersAsync()
    expect(broken.getState()).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_FILE_UNREADABLE' })
  })
})
