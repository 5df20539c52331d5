import { drawHeld } from '@/lib/image/draw-held'
import { drawScreenCopy } from '@/lib/image/screen-copy'
import type { Clock } from '@/lib/peer/clock'

import type { SightOptions } from './picture-sight'

/** How a page of a browser draws what it has of a picture: in workers. */
export function browserSight(clock: Clock): Pick<SightOptions, 'showHeld' | 'drawCopy'> {
  const pause = (): Promise<void> => new Promise((resolve) => void clock.schedule(0, resolve))
  return {
    showHeld: (signal, picture) => drawHeld(signal, picture, pause),
    drawCopy: drawScreenCopy,
  }
}
