import type { PictureFacts } from '@/lib/image/inspect'
import type { PreparedPicture, PreparePicture } from '@/lib/image/prepare'
import type { PictureSettings } from '@/lib/image/settings'
import type { ErrorCode } from '@/lib/protocol/errors'

import type { DeskView, SendingDesk } from './outbox'

/** A slider that rests this long has been let go. */
const SETTLE_MS = 180

/** An image that has just been put on the page may still be loading from it. */
const STILL_SHOWN_MS = 1000

export interface DeskState extends DeskView {
  readonly phase: 'empty' | 'preparing' | 'ready' | 'failed'
  readonly file: File | null
  readonly settings: PictureSettings
  /** What the picked file is, known long before it is compressed. */
  readonly facts: PictureFacts | null
  /** Object URL of a small upright copy; null while unknown or when the browser cannot draw it. */
  readonly thumbnailUrl: string | null
  /** 0 to 1 while preparing. */
  readonly progress: number
  /** The last result for this file; while it is prepared anew, the one before. */
  readonly result: PreparedPicture | null
}

/** The one picture that is picked now: prepared again when the settings change, freed when it is replaced. */
export class PictureDesk implements SendingDesk {
  readonly #prepare: PreparePicture
  readonly #maxBytes: () => number
  readonly #listeners = new Set<() => void>()
  #state: DeskState
  #abort: AbortController | null = null
  #settling: ReturnType<typeof setTimeout> | undefined

  /** `maxBytes` is asked for each picture: the room says how large it may be. */
  constructor(prepare: PreparePicture, settings: PictureSettings, maxBytes: () => number) {
    this.#prepare = prepare
    this.#maxBytes = maxBytes
    this.#state = {
      pickId: 0,
      phase: 'empty',
      file: null,
      picture: null,
      errorCode: null,
      settings,
      facts: null,
      thumbnailUrl: null,
      progress: 0,
      result: null,
      waiting: [],
    }
  }

  getState(): DeskState {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Takes files in place of what was picked before: the first at once, the others wait their turn. */
  pick(files: readonly [File, ...File[]]): void {
    const [file, ...waiting] = files
    this.#replace({ pickId: this.#state.pickId + 1, phase: 'preparing', file, waiting })
    void this.#run(file)
  }

  /** Puts the next waiting file in place of this one; nothing happens when none waits. */
  advance(): void {
    const [file, ...waiting] = this.#state.waiting
    if (!file) return
    this.#replace({ phase: 'preparing', file, waiting })
    void this.#run(file)
  }

  /** What was handed in holds no picture to take. */
  reject(errorCode: ErrorCode): void {
    this.#replace({ pickId: this.#state.pickId + 1, phase: 'failed', errorCode })
  }

  clear(): void {
    this.#replace({ pickId: this.#state.pickId + 1, phase: 'empty' })
  }

  /** Prepares the picked file anew once the settings rest. */
  setSettings(settings: PictureSettings): void {
    this.#stop()
    const { file } = this.#state
    if (!file) {
      this.#set({ settings })
      return
    }
    this.#set({ settings, phase: 'preparing', picture: null, errorCode: null, progress: 0 })
    this.#settling = setTimeout(() => void this.#run(file), SETTLE_MS)
  }

  /** Frees what it holds; it can be used again. */
  close(): void {
    if (this.#state.phase !== 'empty') this.clear()
  }

  async #run(file: File): Promise<void> {
    this.#stop()
    const abort = new AbortController()
    this.#abort = abort
    const outcome = await this.#attempt(abort.signal, file)
    // The desk has had its own since the file was inspected.
    if (outcome.ok && outcome.thumbnailUrl) URL.revokeObjectURL(outcome.thumbnailUrl)
    if (abort.signal.aborted) return
    if (outcome.ok) {
      this.#set({ phase: 'ready', picture: outcome.picture, result: outcome, progress: 1 })
    } else {
      this.#set({ phase: 'failed', errorCode: outcome.code })
    }
  }

  async #attempt(signal: AbortSignal, file: File): ReturnType<PreparePicture> {
    try {
      return await this.#prepare(signal, file, this.#state.settings, {
        maxBytes: this.#maxBytes(),
        onProgress: (progress) => {
          if (!signal.aborted) this.#set({ progress })
        },
        onInspected: (facts, thumbnail) => {
          if (signal.aborted) return
          const thumbnailUrl = this.#state.thumbnailUrl ?? (thumbnail && URL.createObjectURL(thumbnail))
          this.#set({ facts, thumbnailUrl })
        },
      })
    } catch {
      // Aborted, or the code for it could not be fetched: nobody waits for the first, the second can be tried again.
      return { ok: false, code: 'SHOAL_FILE_UNREADABLE' }
    }
  }

  #replace(next: Partial<DeskState>): void {
    this.#stop()
    this.#freeThumbnail()
    this.#set({
      picture: null,
      result: null,
      facts: null,
      thumbnailUrl: null,
      progress: 0,
      file: null,
      errorCode: null,
      waiting: [],
      ...next,
    })
  }

  #stop(): void {
    clearTimeout(this.#settling)
    this.#abort?.abort()
    this.#abort = null
  }

  #freeThumbnail(): void {
    const { thumbnailUrl } = this.#state
    if (thumbnailUrl) setTimeout(() => URL.revokeObjectURL(thumbnailUrl), STILL_SHOWN_MS)
  }

  #set(changes: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...changes }
    for (const listener of [...this.#listeners]) listener()
  }
}
