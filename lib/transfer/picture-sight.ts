import { readHeader } from '@/lib/image/formats/header'
import { SNIFF_BYTES, sniffType } from '@/lib/image/formats/sniff'
import { placeholderUrl } from '@/lib/image/placeholder'
import type { drawScreenCopy } from '@/lib/image/screen-copy'
import type { PieceOfPicture, ShownPicture } from '@/lib/image/worker/show-held'
import type { Clock } from '@/lib/peer/clock'
import type { PictureReceiver } from '@/lib/protocol/rx/picture-receiver'

/** How often the picture is drawn anew while it comes; the processor has packets to take in meanwhile. */
const IMPROVE_INTERVAL_MS = 400
/** And only when so much more of it is here: each time the browser decodes all of it again. */
const IMPROVE_SHARE = 0.12
/** It rests three times as long as the last drawing took, so that a slow device is not kept busy by it. */
const REST_FACTOR = 3
/** What the page's own thread takes in at a time without being missed: a copy, and the browser's reading of it. */
const LIGHT_BYTES = 4 * 2 ** 20
/**
 * A picture is shown early only when, at the pace so far, all of it takes longer than this: on a quick link the work
 * for it comes in the middle of thousands of packets a second, and what it shows is gone before it is seen. The small
 * copy stays. One over LIGHT_BYTES holds up the page's own thread as well.
 */
const SLOW_MS = { light: 2000, heavy: 6000 }
/** How long the pace is watched before it is believed. */
const PACE_AFTER_MS = { light: 500, heavy: 2000 }
/** A longer beginning is shown less often, since the browser reads all of it anew. */
const READ_BYTES_PER_MS = 10_000
/** A larger picture is not shown before it is whole: copying it to the worker would hold the page up. */
const SHOWN_MAX_BYTES = 32 * 2 ** 20
/** A preview that is here by then makes the blur needless, which takes the thread just when the first packets come in. */
const PLACEHOLDER_AFTER_MS = 40
/** An image that left the page may still be loading. */
const STILL_SHOWN_MS = 1000
/** A preview is 160 pixels wide; what claims more wants to cost memory. */
const PREVIEW_SIDE_MAX_PX = 512

/** What can be seen of a picture before it is whole. */
export interface Sight {
  /** A blur, as a data URL; null while the small copy may yet come before it. */
  readonly placeholderUrl: string | null
  /** The small copy. */
  readonly previewUrl: string | null
  /** As much as is here, of the whole size. */
  readonly live: LivePicture | null
}

export interface LivePicture {
  readonly url: string
  /** Hatches the holes; null while they may yet be filled, or when nobody knows where they are. */
  readonly maskUrl: string | null
  /** Share of the pixels that are from received data, 0 to 100; null when nobody knows. */
  readonly shownPercent: number | null
}

export interface SightOptions {
  /** In a worker; null when the picture's index is not (yet) of use. */
  readonly showHeld: (signal: AbortSignal, picture: PieceOfPicture) => Promise<ShownPicture | null>
  /** Of a whole one; null: it is shown itself. */
  readonly drawCopy: typeof drawScreenCopy
  /** Someone may be looking. */
  readonly isVisible: () => boolean
  readonly schedule: Clock['schedule']
}

/** Shows one incoming picture long before it is whole. Owns the object URLs of what it shows. */
export class PictureSight {
  readonly #core: PictureReceiver
  readonly #options: SightOptions
  readonly #now: () => number
  readonly #onChange: () => void
  #placeholderUrl: string | null = null
  readonly #aborter = new AbortController()
  #preview: Blob | null = null
  #previewUrl: string | null = null
  #live: LivePicture | null = null
  /** Still on the screen, perhaps, while the new one is decoded. */
  #former: LivePicture | null = null
  /** Off the screen, and to be freed soon. */
  readonly #freed = new Set<LivePicture>()
  /** One for each piece of the beginning that is whole; each byte is copied once, however often it is shown. */
  #beginning: Blob[] = []
  #isBusy = false
  readonly #createdAt: number
  #nextAt = -Infinity
  #last = { held: 0, indexParts: 0, intactBytes: 0, isOver: false }

  constructor(core: PictureReceiver, options: SightOptions, now: () => number, onChange: () => void) {
    this.#core = core
    this.#options = options
    this.#now = now
    this.#createdAt = now()
    this.#onChange = onChange
    if (core.manifest.placeholder === '') return
    options.schedule(PLACEHOLDER_AFTER_MS, () => this.#showPlaceholder())
  }

  get view(): Sight {
    return { placeholderUrl: this.#placeholderUrl, previewUrl: this.#previewUrl, live: this.#live }
  }

  /** All of the preview is here. What is no small picture is never handed to the image decoder. */
  handlePreview(): void {
    const bytes = this.#core.extras.preview
    if (!bytes || this.#previewUrl || this.#aborter.signal.aborted) return
    const type = sniffType(bytes)
    const header = type === 'heic' || type === 'unknown' ? null : readHeader(type, bytes)
    if (!header || Math.max(header.storedWidth, header.storedHeight) > PREVIEW_SIDE_MAX_PX) return
    this.#preview = new Blob([Uint8Array.from(bytes)], { type: header.type })
    this.#previewUrl = URL.createObjectURL(this.#preview)
  }

  /** Draws the picture anew when that is worth it; returns at once. */
  improve(): void {
    const { assembler, manifest, extras, frozen } = this.#core
    if (this.#isBusy || this.#aborter.signal.aborted || manifest.bytes > SHOWN_MAX_BYTES) return
    if (assembler.whole || assembler.held === 0) return
    if (!frozen && (this.#now() < this.#nextAt || this.#mayBeQuick() || !this.#options.isVisible())) return
    const indexParts = manifest.type === 'image/jpeg' ? extras.index.length : 0
    const hasMore = assembler.held - this.#last.held >= IMPROVE_SHARE * manifest.chunkCount
    // The last drawing of a picture with holes shows all that came, with all of its index.
    const { held, isOver } = this.#last
    const isNews = held !== assembler.held || this.#last.indexParts !== indexParts || !isOver
    if (indexParts > 0) {
      if (hasMore || (frozen && isNews)) void this.#showHeld(indexParts)
    } else if (!frozen) this.#showBeginning()
  }

  /** Of the whole picture, light enough to be shown at once; null: it has to be shown itself. Never rejects. */
  async drawCopy(file: Blob): Promise<Blob | null> {
    const { type, width, height, channels } = this.#core.manifest
    return this.#options
      .drawCopy(this.#aborter.signal, { file, type, width, height, channels })
      .catch(() => null)
  }

  close(): void {
    this.#aborter.abort()
    this.release()
    for (const shown of this.#freed) revoke(shown)
    this.#freed.clear()
    if (this.#previewUrl) URL.revokeObjectURL(this.#previewUrl)
    this.#previewUrl = null
  }

  /** The picture is whole, or nothing more is to be seen of it: only the preview stays. */
  release(): void {
    this.#free(this.#former)
    this.#free(this.#live)
    this.#former = this.#live = null
    this.#beginning = []
  }

  #free(shown: LivePicture | null): void {
    if (!shown) return
    this.#freed.add(shown)
    const free = () => {
      if (this.#freed.delete(shown)) revoke(shown)
    }
    if (this.#aborter.signal.aborted) free()
    else this.#options.schedule(STILL_SHOWN_MS, free)
  }

  #showPlaceholder(): void {
    if (this.#previewUrl || this.#core.assembler.whole || this.#aborter.signal.aborted) return
    this.#placeholderUrl = placeholderUrl(this.#core.manifest.placeholder)
    if (this.#placeholderUrl) this.#onChange()
  }

  #mayBeQuick(): boolean {
    const { assembler, manifest } = this.#core
    const weight = manifest.bytes <= LIGHT_BYTES ? 'light' : 'heavy'
    const elapsed = this.#now() - this.#createdAt
    return elapsed < PACE_AFTER_MS[weight] || elapsed * manifest.chunkCount < SLOW_MS[weight] * assembler.held
  }

  async #showHeld(indexParts: number): Promise<void> {
    const { assembler, manifest, extras } = this.#core
    const startedAt = this.#now()
    this.#isBusy = true
    const isOver = this.#core.frozen
    this.#last = { ...this.#last, held: assembler.held, indexParts, isOver }
    const shown = await this.#options
      .showHeld(this.#aborter.signal, {
        pieces: assembler.pieces(),
        bytes: manifest.bytes,
        held: assembler.heldBits(),
        index: extras.index,
        isOver,
        width: manifest.width,
        height: manifest.height,
        preview: this.#preview,
        placeholder: manifest.placeholder,
      })
      // Aborted, or a worker that could not be had: the preview stays.
      .catch(() => null)
    this.#isBusy = false
    const now = this.#now()
    this.#nextAt = startedAt + Math.max(IMPROVE_INTERVAL_MS, (1 + REST_FACTOR) * (now - startedAt))
    if (this.#aborter.signal.aborted || assembler.whole) return
    if (shown) {
      this.#show({
        url: URL.createObjectURL(shown.jpeg),
        maskUrl: shown.mask && URL.createObjectURL(shown.mask),
        shownPercent: Math.floor(shown.share * 1000) / 10,
      })
    }
    // More may have come meanwhile.
    this.#onChange()
  }

  /** Without an index a browser shows a picture up to its first hole, if that. */
  #showBeginning(): void {
    const { assembler, manifest } = this.#core
    const { intactBytes } = assembler
    if (intactBytes - this.#last.intactBytes < IMPROVE_SHARE * manifest.bytes) return
    const pieces = assembler.pieces() as Uint8Array<ArrayBuffer>[]
    if (sniffType((pieces[0] ?? new Uint8Array()).subarray(0, SNIFF_BYTES)) !== manifest.type) return
    // A task copies one piece and no more: the others follow with the next calls.
    if (this.#copyNext(pieces, intactBytes)) return
    this.#last = { ...this.#last, intactBytes }
    this.#nextAt = this.#now() + Math.max(IMPROVE_INTERVAL_MS, intactBytes / READ_BYTES_PER_MS)
    const url = URL.createObjectURL(new Blob(this.#intact(pieces, intactBytes), { type: manifest.type }))
    this.#show({ url, maskUrl: null, shownPercent: null })
  }

  /** Copies the next piece that lies within the first `bytes`; false: there is none. */
  #copyNext(pieces: readonly Uint8Array<ArrayBuffer>[], bytes: number): boolean {
    const next = this.#beginning.length
    const piece = pieces[next]
    // All but the last are of one length.
    if (!piece || next * (pieces[0]?.length ?? 0) + piece.length > bytes) return false
    this.#beginning.push(new Blob([piece]))
    return true
  }

  /** The first `bytes` of the pieces: what is copied already, and a part of the piece after it. */
  #intact(pieces: readonly Uint8Array<ArrayBuffer>[], bytes: number): Blob[] {
    const copied = this.#beginning.reduce((sum, blob) => sum + blob.size, 0)
    const part = pieces[this.#beginning.length]?.subarray(0, bytes - copied)
    return part?.length ? [...this.#beginning, new Blob([part])] : [...this.#beginning]
  }

  #show(live: LivePicture): void {
    this.#free(this.#former)
    this.#former = this.#live
    this.#live = live
  }
}

function revoke(shown: LivePicture): void {
  URL.revokeObjectURL(shown.url)
  if (shown.maskUrl) URL.revokeObjectURL(shown.maskUrl)
}
