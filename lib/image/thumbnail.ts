import { fitInside } from './settings'
import { runImageTask } from './worker/bridge'
import type { Rendering } from './worker/render'
import type { RenderSource } from './worker/tasks'

/** Sharp at 240 CSS pixels on a phone's screen of twice the density. */
const THUMBNAIL_LONGEST_SIDE_PX = 480

/** Draws the picture once, small and upright, in a worker. null when the browser cannot decode it. */
export async function renderPicture(signal: AbortSignal, file: Blob): Promise<Rendering | null> {
  const source = decodesOnMainThread(navigator.userAgent) ? await decodeInPage(file) : { file }
  signal.throwIfAborted()
  if (source === null) return null
  return runImageTask(signal, 'render', { source, longestSidePx: THUMBNAIL_LONGEST_SIDE_PX })
}

/**
 * Firefox decodes a blob for createImageBitmap on the page's main thread even when a worker asks (12 megapixels
 * stood still for 0.25 s); what an <img> shows it decodes aside.
 */
export function decodesOnMainThread(userAgent: string): boolean {
  return userAgent.includes('Gecko/')
}

async function decodeInPage(file: Blob): Promise<RenderSource | null> {
  const url = URL.createObjectURL(file)
  const image = new Image()
  image.src = url
  try {
    await image.decode()
    const { naturalWidth: width, naturalHeight: height } = image
    const small = fitInside({ width, height }, THUMBNAIL_LONGEST_SIDE_PX)
    const bitmap = await createImageBitmap(image, { resizeWidth: small.width, resizeHeight: small.height })
    return { bitmap, width, height }
  } catch {
    return null
  } finally {
    URL.revokeObjectURL(url)
  }
}

/**
 * An object URL for an <img>, which the caller revokes. A damaged picture that no canvas takes is shown by
 * its own bytes, as far as they go, so that the person sees what is wrong with it. null: not even that works.
 */
export async function makeThumbnailUrl(
  signal: AbortSignal,
  file: Blob,
  rendering: Rendering | null,
): Promise<string | null> {
  if (rendering !== null) return URL.createObjectURL(rendering.thumbnail)
  const url = URL.createObjectURL(file)
  const image = new Image()
  image.src = url
  const isShown = await image.decode().then(
    () => true,
    () => false,
  )
  if (isShown && !signal.aborted) return url
  URL.revokeObjectURL(url)
  signal.throwIfAborted()
  return null
}
