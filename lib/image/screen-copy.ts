import type { ImageType } from '@/lib/protocol/report'

import { readHeader } from './formats/header'
import type { OutgoingPicture } from './outgoing-picture'
import { fitInside } from './settings'
import { decodesOnMainThread } from './thumbnail'
import { runImageTask } from './worker/bridge'

/**
 * Chromium copies what an <img> loads on the page's main thread, all of it in one task as soon as the last byte is
 * there, in whatever format: beyond this the page stands still long enough to be felt.
 */
const HEAVY_BYTES = 8 * 2 ** 20
/** More than any place on the page shows. */
const LONGEST_SIDE_PX = 2560
const QUALITY = 0.9
/** Whether a PNG or WebP moves stands before its pixels; a colour profile may stand before that. */
const HEADER_BYTES = 256 * 1024

/** Too heavy for an <img>; whether there can be a copy is seen when it is drawn. */
export function isHeavy(file: Blob): boolean {
  return file.size > HEAVY_BYTES
}

/** What is to be known of a whole picture, upright. */
export type WholePicture = Pick<OutgoingPicture, 'file' | 'type' | 'width' | 'height' | 'channels'>

/**
 * A light copy of a heavy picture, made in a worker, for the page to show in its place. Null when it has to be shown
 * itself: it moves, or no worker can draw it.
 */
export async function drawScreenCopy(signal: AbortSignal, picture: WholePicture): Promise<Blob | null> {
  const { file, type, channels } = picture
  if (typeof OffscreenCanvas === 'undefined') return null
  if (decodesOnMainThread(navigator.userAgent)) return null
  if (type !== 'image/jpeg' && !(await standsStill(file, type))) return null
  return runImageTask(signal, 'redraw', {
    file,
    ...fitInside(picture, LONGEST_SIDE_PX),
    type: channels === 4 ? 'image/webp' : 'image/jpeg',
    quality: QUALITY,
  })
}

/** False too where the headers say nothing of it: no frame but the first would be in a copy. */
async function standsStill(file: Blob, type: ImageType): Promise<boolean> {
  const header = readHeader(type, new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer()))
  return header !== null && !header.animated
}
