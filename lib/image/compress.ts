import type { ErrorCode } from '@/lib/protocol/errors'
import type { ImageType } from '@/lib/protocol/report'

import type { PictureHeader } from './formats/facts'
import type { PictureFacts } from './inspect'
import { showsSomethingElse } from './luminance'
import { clampQuality, fitInside } from './settings'
import type { PictureSettings } from './settings'
import { renderPicture } from './thumbnail'
import { runImageTask } from './worker/bridge'
import type { Rendering } from './worker/render'

export type CompressSettings = Extract<PictureSettings, { kind: 'compress' }>

export type Compression =
  /** `header`: read from the new file, not assumed. */
  | {
      readonly ok: true
      readonly kind: 'smaller'
      readonly file: Blob
      readonly header: PictureHeader
      /** Where the new file's decoding may begin, in parts for the wire. */
      readonly index: readonly Uint8Array[]
    }
  /** The new file would not have been smaller: send the one there is. */
  | { readonly ok: true; readonly kind: 'kept' }
  | { readonly ok: false; readonly code: ErrorCode }

const FAILED: Compression = { ok: false, code: 'SHOAL_COMPRESS_FAILED' }

/** iPhones and iPads draw nothing, without an error, on a canvas past this area. */
const TOUCH_WEBKIT_MAX_PIXELS = 4096 * 4096

/** How far the library's rounding may miss the size we asked for. */
const ROUNDING_PX = 2

/**
 * Makes a smaller copy off the main thread and proves that it is one: a picture, upright, that shows what the
 * original shows. Metadata (position, camera, colour profile) does not survive. Progress runs from 0 to 1.
 * Rejects only with the signal's reason; whatever else goes wrong is SHOAL_COMPRESS_FAILED.
 */
export async function compressPicture(
  signal: AbortSignal,
  file: File,
  before: { readonly facts: PictureFacts; readonly rendering: Rendering },
  settings: CompressSettings,
  onProgress: (progress: number) => void,
): Promise<Compression> {
  const { facts, rendering } = before
  const browser = { userAgent: navigator.userAgent, maxTouchPoints: navigator.maxTouchPoints }
  const type = outputType(facts.type, rendering)
  const size = targetSize(facts, settings.longestSidePx, browser)
  const quality = clampQuality(settings.quality)
  try {
    const output =
      (runsOnWebKit(browser.userAgent)
        ? await runImageTask(signal, 'redraw', { file, ...size, type, quality })
        : null) ?? (await compressWithLibrary(signal, file, { type, quality, ...size }, onProgress))
    signal.throwIfAborted()
    if (output.size >= file.size) return { ok: true, kind: 'kept' }
    return await check(signal, output, size, rendering)
  } catch {
    signal.throwIfAborted()
    return FAILED
  }
}

/**
 * JPEG stays JPEG. PNG and WebP become WebP where the browser writes it (all but Safari): it keeps
 * transparency, and a photo in it weighs a tenth of the PNG, which the library would take seconds to reduce to
 * fewer colours. In Safari what lets something through becomes PNG, the rest JPEG.
 */
export function outputType(
  type: ImageType,
  { canEncodeWebp, isOpaque }: Pick<Rendering, 'canEncodeWebp' | 'isOpaque'>,
): ImageType {
  if (type === 'image/jpeg') return 'image/jpeg'
  if (canEncodeWebp) return 'image/webp'
  return isOpaque ? 'image/jpeg' : 'image/png'
}

/** The size asked for, or less where the browser could not draw it. */
export function targetSize(
  facts: Pick<PictureFacts, 'width' | 'height'>,
  longestSidePx: number | null,
  browser: { readonly userAgent: string; readonly maxTouchPoints: number },
): { width: number; height: number } {
  const size = fitInside(facts, longestSidePx)
  const pixels = size.width * size.height
  const isTouchWebKit = runsOnWebKit(browser.userAgent) && browser.maxTouchPoints > 1
  if (!isTouchWebKit || pixels <= TOUCH_WEBKIT_MAX_PIXELS) return size
  const scale = Math.sqrt(TOUCH_WEBKIT_MAX_PIXELS / pixels)
  return { width: Math.floor(size.width * scale), height: Math.floor(size.height * scale) }
}

/**
 * Safari, and every browser on iPhones and iPads. There the library cannot work in its worker (it wants an
 * `Image`) and would fall back to the main thread; our own worker draws and encodes instead.
 */
export function runsOnWebKit(userAgent: string): boolean {
  return /AppleWebKit\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent)
}

async function compressWithLibrary(
  signal: AbortSignal,
  file: File,
  target: { type: ImageType; quality: number; width: number; height: number },
  onProgress: (progress: number) => void,
): Promise<Blob> {
  const { default: imageCompression } = await import('browser-image-compression')
  signal.throwIfAborted()
  return imageCompression(file, {
    useWebWorker: true,
    libURL: libraryUrl(),
    fileType: target.type,
    initialQuality: target.quality,
    maxWidthOrHeight: Math.max(target.width, target.height),
    // Once: by default it lowers the quality up to ten times until the result is smaller than the input;
    // then the input is the better picture.
    maxIteration: 1,
    signal,
    onProgress: (percent) => onProgress(percent / 100),
  })
}

/**
 * Where the library's own worker finds the library: the installed file itself, which the bundler serves
 * beside our scripts. Without this it would be loaded from a public CDN. Absolute, since a worker made from a blob has
 * no address to start from.
 */
function libraryUrl(): string {
  const asset = new URL('browser-image-compression/dist/browser-image-compression.js', import.meta.url)
  return new URL(asset.href, window.location.href).href
}

async function check(
  signal: AbortSignal,
  output: Blob,
  size: { readonly width: number; readonly height: number },
  before: Rendering,
): Promise<Compression> {
  const [verdict, after] = await Promise.all([
    runImageTask(signal, 'inspect', { file: output }),
    renderPicture(signal, output),
  ])
  if (!verdict.ok || verdict.damage !== null || after === null) return FAILED
  const { storedWidth, storedHeight, orientation } = verdict.header
  const isRightSize =
    Math.abs(storedWidth - size.width) <= ROUNDING_PX && Math.abs(storedHeight - size.height) <= ROUNDING_PX
  if (!isRightSize || orientation !== 1 || showsSomethingElse(before.luminance, after.luminance))
    return FAILED
  return { ok: true, kind: 'smaller', file: output, header: verdict.header, index: verdict.index }
}

/**
 * Brings the code of the pipeline into the browser's cache ahead of the first picture, so that neither a slow
 * network nor a server that is down for the moment stands in its way. Never rejects.
 */
export async function warmUp(signal: AbortSignal): Promise<void> {
  await Promise.allSettled([
    import('browser-image-compression'),
    fetch(libraryUrl(), { signal, priority: 'low' }),
    runImageTask(signal, 'inspect', { file: new Blob() }),
  ])
}
