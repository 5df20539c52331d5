import type { ImageType } from '@/lib/protocol/report'

/** EXIF orientation: 1 upright, 3 upside down, 6 and 8 lie on their side, the even ones are mirrored too. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** What the headers of a picture say, before any pixel is decoded. */
export interface PictureHeader {
  readonly type: ImageType
  /** Pixels as stored; both at least 1. */
  readonly storedWidth: number
  readonly storedHeight: number
  /** 1 grey, 3 colour, 4 colour and alpha (or grey and alpha, which browsers widen) or CMYK. */
  readonly channels: 1 | 3 | 4
  readonly orientation: Orientation
  /** The metadata names the place where the picture was taken. */
  readonly hasLocation: boolean
  /** More than one frame: redrawing it would keep the first only. */
  readonly animated: boolean
}

/** Orientations 5 to 8 swap the two sides. */
export function isSideways(orientation: Orientation): boolean {
  return orientation >= 5
}
