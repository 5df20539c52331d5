import {
  CHUNK_BYTES,
  EXTRAS_REPEATS_MAX,
  INDEX_PARTS_MAX,
  PREVIEW_PARTS_MAX,
  PREVIEW_RETRY_MIN_MS,
} from '../constants'
import type { Got } from '../packet/got'
import { encodePart } from '../packet/part'
import { earliest, RetryTimer } from '../retry'

/** What goes beside a picture: its parts are never counted as data. */
export interface PictureExtras {
  /** A small copy of the picture, at most 4 096 bytes; empty where there is none. */
  readonly preview: Uint8Array
  /** Parts of at most 1 024 bytes, 64 at most, each of which stands alone (SPEC HO); none where there is none. */
  readonly index: readonly Uint8Array[]
}

export const NO_EXTRAS: PictureExtras = { preview: new Uint8Array(), index: [] }

/** Repeats the parts of a preview and of an index until the receiver has them (SPEC PV, HO). */
export class ExtrasSender {
  /** Packets of parts that the receiver is not known to have, by part. */
  readonly #preview = new Map<number, Uint8Array>()
  readonly #index = new Map<number, Uint8Array>()
  readonly #previewRetry = new RetryTimer()
  readonly #indexRetry = new RetryTimer()
  #previewRepeats = 0
  #indexRepeats = 0
  #indexDue: number | null = null
  /** Parts to hand out in this wave. */
  #urgent: number[] = []
  #calm: number[] = []

  /** `indexAfterMs`: how long the index waits. What does not fit is left out: a picture goes without as well. */
  constructor(transferId: string, extras: PictureExtras, now: number, indexAfterMs: number) {
    const { preview, index } = extras
    const previewParts = Math.ceil(preview.length / CHUNK_BYTES)
    for (let part = 0; part < previewParts && previewParts <= PREVIEW_PARTS_MAX; part++) {
      const payload = preview.subarray(part * CHUNK_BYTES, (part + 1) * CHUNK_BYTES)
      this.#preview.set(part, encodePart('preview', transferId, { part, parts: previewParts, payload }))
    }
    const fits =
      index.length <= INDEX_PARTS_MAX && index.every(({ length }) => length > 0 && length <= CHUNK_BYTES)
    for (const [part, payload] of fits ? index.entries() : []) {
      this.#index.set(part, encodePart('index', transferId, { part, parts: index.length, payload }))
    }
    if (this.#preview.size > 0) {
      this.#urgent = [...this.#preview.keys()]
      this.#previewRetry.start(now, PREVIEW_RETRY_MIN_MS)
    }
    if (this.#index.size > 0) this.#indexDue = now + indexAfterMs
    this.#startIndexIfDue(now)
  }

  handleGot(got: Got): void {
    for (const part of this.#preview.keys()) if ((got.preview >> part) & 1) this.#preview.delete(part)
    for (const part of this.#index.keys()) {
      if (((got.index[part >> 3] ?? 0) >> (part & 7)) & 1) this.#index.delete(part)
    }
    if (this.#preview.size === 0) this.#previewRetry.stop()
    if (this.#index.size === 0) this.#stopIndex()
  }

  /** What was repeated in vain while no lane was open has its full number of tries again. */
  handleLanesOpen(now: number): void {
    this.#previewRepeats = 0
    this.#indexRepeats = 0
    if (this.#preview.size > 0) {
      this.#urgent = [...this.#preview.keys()]
      this.#previewRetry.start(now, PREVIEW_RETRY_MIN_MS)
    }
    if (this.#index.size > 0) this.#indexDue ??= now
  }

  /** True when the preview was repeated. */
  handleTimeout(now: number): boolean {
    this.#startIndexIfDue(now)
    if (this.#indexRetry.handleTimeout(now)) {
      this.#calm = [...this.#index.keys()]
      if (++this.#indexRepeats >= EXTRAS_REPEATS_MAX) this.#indexRetry.stop()
    }
    if (!this.#previewRetry.handleTimeout(now)) return false
    this.#urgent = [...this.#preview.keys()]
    if (++this.#previewRepeats >= EXTRAS_REPEATS_MAX) this.#previewRetry.stop()
    return true
  }

  pollTimeout(): number | null {
    return earliest(this.#previewRetry.dueMs, this.#indexRetry.dueMs, this.#indexDue)
  }

  /** For every lane that control packets go by. */
  pollUrgent(): Uint8Array | null {
    return take(this.#urgent, this.#preview)
  }

  get hasCalm(): boolean {
    return this.#calm.length > 0
  }

  /** For one lane with room. */
  pollCalm(): Uint8Array | null {
    return take(this.#calm, this.#index)
  }

  /** The picture is whole, or nobody wants it. */
  stop(): void {
    this.#preview.clear()
    this.#previewRetry.stop()
    this.#stopIndex()
  }

  #startIndexIfDue(now: number): void {
    if (this.#indexDue === null || now < this.#indexDue) return
    this.#indexDue = null
    this.#calm = [...this.#index.keys()]
    this.#indexRetry.start(now)
  }

  #stopIndex(): void {
    this.#index.clear()
    this.#indexDue = null
    this.#indexRetry.stop()
  }
}

function take(queue: number[], packets: ReadonlyMap<number, Uint8Array>): Uint8Array | null {
  for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
    const packet = packets.get(part)
    if (packet) return packet
  }
  return null
}
