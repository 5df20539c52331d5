import type { ErrorCode } from '@/lib/protocol/errors'
import { ShoalError } from '@/lib/protocol/errors'
import type { ImageType } from '@/lib/protocol/report'

import { compressPicture } from './compress'
import type { PictureFacts } from './inspect'
import { inspectPicture, toFacts } from './inspect'
import { sniffFile } from './inspect-file'
import type { PrepareNote } from './notes'
import { notesOn } from './notes'
import type { OutgoingPicture } from './outgoing-picture'
import type { PictureSettings } from './settings'
import { makeThumbnailUrl, renderPicture } from './thumbnail'
import type { Rendering } from './worker/render'

export interface PreparedPicture {
  readonly ok: true
  readonly picture: OutgoingPicture
  /** The file that was picked. */
  readonly before: PictureFacts
  /** What will be sent; the same object when the file goes as it is. */
  readonly after: PictureFacts
  /** Object URL of an upright copy, nearly always a small one; the caller revokes it. null: nothing can be drawn. */
  readonly thumbnailUrl: string | null
  readonly notes: readonly PrepareNote[]
}

export type Preparation = PreparedPicture | { readonly ok: false; readonly code: ErrorCode }

export interface PrepareOptions {
  /** The most a picture may weigh when it is sent, bytes. */
  readonly maxBytes: number
  /** From 0 to 1, never backwards. */
  readonly onProgress?: (progress: number) => void
  /** As soon as it is known what the file is, long before it is compressed; with a small upright copy to show. */
  readonly onInspected?: (facts: PictureFacts, thumbnail: Blob | null) => void
}

export type PreparePicture = typeof preparePicture

interface Seen {
  readonly facts: PictureFacts
  readonly rendering: Rendering | null
  /** Where the file's decoding may begin, in parts for the wire. */
  readonly index: readonly Uint8Array[]
}

/** A file that will be made smaller may be larger than what may be sent, up to what a browser can take on. */
const COMPRESS_INPUT_MAX_BYTES = 256 * 2 ** 20

/** A picture of fewer pixels that a browser does not decode is broken; a larger one may be beyond its memory. */
const SURELY_DECODABLE_PIXELS = 4096 * 4096

/** Share of the progress that looking at the file takes. */
const INSPECTED_PROGRESS = 0.2

/** A file does not change, its settings do: moving a slider must not read and decode it all again. */
const seenFiles = new WeakMap<File, Seen>()

/**
 * From a picked file to a picture that can be sent: inspects, draws a thumbnail, compresses as `settings` say.
 * What a person can cause is returned as a code; rejects only with the signal's reason once that is aborted.
 * SHOAL_COMPRESS_FAILED leaves the choice to the person: call again with ORIGINAL_SETTINGS.
 */
export async function preparePicture(
  signal: AbortSignal,
  file: File,
  settings: PictureSettings,
  options: PrepareOptions,
): Promise<Preparation> {
  try {
    return await prepare(signal, file, settings, options)
  } catch (error) {
    signal.throwIfAborted()
    return { ok: false, code: error instanceof ShoalError ? error.code : 'SHOAL_INTERNAL' }
  }
}

async function prepare(
  signal: AbortSignal,
  file: File,
  settings: PictureSettings,
  { maxBytes, onProgress, onInspected }: PrepareOptions,
): Promise<Preparation> {
  onProgress?.(0)
  const inputMaxBytes = settings.kind === 'compress' ? Math.max(maxBytes, COMPRESS_INPUT_MAX_BYTES) : maxBytes
  if (file.size > inputMaxBytes) return { ok: false, code: 'SHOAL_IMAGE_TOO_LARGE' }
  const seen = await look(signal, file, inputMaxBytes)
  if (!seen.ok) return seen
  const { facts: before, rendering } = seen
  onInspected?.(before, rendering && rendering.thumbnail)
  onProgress?.(INSPECTED_PROGRESS)

  const typed = withType(file, before.type)
  let outgoing: Blob = typed
  let after = before
  let index = seen.index
  if (settings.kind === 'compress' && isWorthDrawing(before)) {
    if (rendering === null) return { ok: false, code: 'SHOAL_COMPRESS_FAILED' }
    const onCompressed = (progress: number) =>
      onProgress?.(INSPECTED_PROGRESS + (1 - INSPECTED_PROGRESS) * progress)
    const compression = await compressPicture(
      signal,
      typed,
      { facts: before, rendering },
      settings,
      onCompressed,
    )
    if (!compression.ok) return compression
    if (compression.kind === 'smaller') {
      outgoing = compression.file
      index = compression.index
      after = toFacts({ name: before.name, size: outgoing.size }, compression.header, false)
    }
  }
  if (outgoing.size > maxBytes) return { ok: false, code: 'SHOAL_IMAGE_TOO_LARGE' }
  const { name, type, width, height, channels } = after
  const thumbnailUrl = await makeThumbnailUrl(signal, typed, rendering)
  onProgress?.(1)
  return {
    ok: true,
    picture: {
      file: outgoing,
      name,
      type,
      width,
      height,
      channels,
      placeholder: rendering?.copies.placeholder ?? '',
      extras: { preview: rendering?.copies.preview ?? new Uint8Array(), index },
    },
    before,
    after,
    thumbnailUrl,
    notes: notesOn(before, after, settings, thumbnailUrl !== null),
  }
}

/** What is damaged or moves is sent as it is: drawing it anew would hide the damage, or stop the movement. */
function isWorthDrawing(facts: PictureFacts): boolean {
  return facts.damage === null && !facts.animated
}

async function look(
  signal: AbortSignal,
  file: File,
  maxBytes: number,
): Promise<({ readonly ok: true } & Seen) | { readonly ok: false; readonly code: ErrorCode }> {
  const known = seenFiles.get(file)
  if (known !== undefined) return { ok: true, ...known }
  const sniffed = await sniffFile(file, maxBytes)
  signal.throwIfAborted()
  if (!sniffed.ok) return sniffed
  const [inspection, rendering] = await Promise.all([
    inspectPicture(signal, file, maxBytes),
    renderPicture(signal, withType(file, sniffed.type)),
  ])
  if (!inspection.ok) return inspection
  const seen: Seen = { facts: afterDecoding(inspection.facts, rendering), rendering, index: inspection.index }
  seenFiles.set(file, seen)
  return { ok: true, ...seen }
}

/** The MIME type of a file comes from its name; decoders and receivers want the true one. Copies no bytes. */
function withType(file: File, type: ImageType): File {
  return file.type === type ? file : new File([file], file.name, { type, lastModified: file.lastModified })
}

/** What decoding adds: whether it works at all, and which way round the browser shows it. */
function afterDecoding(facts: PictureFacts, rendering: Rendering | null): PictureFacts {
  const { width, height } = facts
  if (rendering === null) {
    return width * height <= SURELY_DECODABLE_PIXELS ? { ...facts, damage: 'SHOAL_IMAGE_DAMAGED' } : facts
  }
  const isTurned = rendering.width === height && rendering.height === width
  return isTurned ? { ...facts, width: height, height: width } : facts
}
