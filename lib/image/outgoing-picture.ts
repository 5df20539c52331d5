import type { ImageType } from '@/lib/protocol/report'
import type { PictureExtras } from '@/lib/protocol/tx/extras-sender'

/** A picture ready to go: what the image pipeline hands over. */
export interface OutgoingPicture {
  readonly file: Blob
  readonly name: string
  readonly type: ImageType
  /** Pixels, as the picture is meant to be seen (after EXIF orientation). */
  readonly width: number
  readonly height: number
  /** 1 grey, 3 colour, 4 colour and alpha or CMYK. */
  readonly channels: number
  /** Hex of a thumbhash; not there when the picture could not be drawn. */
  readonly placeholder?: string
  /** What goes beside it, so that something is seen early and in spite of holes. */
  readonly extras?: PictureExtras
}
