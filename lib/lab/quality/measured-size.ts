import { fitInside } from '@/lib/image/settings'

import { SSIM_WINDOW_PX } from './ssim'

/** A measurement takes 25 to 40 ms at this size, of a core that a transfer may need too; at 512 pixels it takes 70. */
export const MEASURED_SIDE_PX = 320

/** What a page has where no picture is yet, by day and by night; transparent places show it too. */
export const PAGE_GROUND = '#d8dade'

/** The size at which a picture is compared: its own shape, unless that is so thin that the window has no place in it. */
export function measuredSize(picture: { readonly width: number; readonly height: number }): {
  width: number
  height: number
} {
  const { width, height } = fitInside(picture, MEASURED_SIDE_PX)
  return { width: Math.max(SSIM_WINDOW_PX, width), height: Math.max(SSIM_WINDOW_PX, height) }
}
