/// <reference lib="webworker" />
import { PSNR_MAX_DB } from '../results'
import { measuredSize, PAGE_GROUND } from './measured-size'
import { psnr } from './psnr'
import type { Pixels } from './psnr'
import type { MeterReply, MeterRequest, Quality } from './quality-meter'
import { ssim } from './ssim'

let original: Pixels | null = null

self.onmessage = ({ data: request }: MessageEvent<MeterRequest>) => {
  if (request.type === 'original') {
    original = attempt(() => scaled(request.original, measuredSize(request.original)))
    return
  }
  const reply: MeterReply = attempt(() => original && compare(request.shown, original))
  self.postMessage(reply)
}

function compare(shown: ImageBitmap | null, against: Pixels): Quality {
  const pixels = scaled(shown, against)
  return {
    psnrDb: Math.min(PSNR_MAX_DB, psnr(pixels, against)),
    // Added up in single precision: the same picture may come out a little above 1.
    ssim: Math.max(-1, Math.min(1, ssim(pixels, against))),
  }
}

/** A bitmap is used up. */
function scaled(
  picture: Pixels | ImageBitmap | null,
  { width, height }: { readonly width: number; readonly height: number },
): Pixels {
  const context = contextOf(width, height)
  context.fillStyle = PAGE_GROUND
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  if (picture) {
    context.drawImage('data' in picture ? canvasOf(picture) : picture, 0, 0, width, height)
    if ('close' in picture) picture.close()
  }
  return { width, height, data: context.getImageData(0, 0, width, height).data }
}

function canvasOf({ width, height, data }: Pixels): OffscreenCanvas {
  const context = contextOf(width, height)
  context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0)
  return context.canvas
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  // Every measurement reads its pixels back, which a canvas on the graphics card makes slow.
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser has no 2D canvas.')
  return context
}

/** A picture that can't be measured is one that has no quality; the next one may have. */
function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}
