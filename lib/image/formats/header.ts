import type { ImageType } from '@/lib/protocol/report'

import type { PictureHeader } from './facts'
import { readJpegHeader } from './jpeg'
import { readPngHeader } from './png'
import { readWebpHeader } from './webp'

/** What the headers say; null when they hold no size, as in a file cut off after a few bytes. Never throws. */
export function readHeader(type: ImageType, bytes: Uint8Array): PictureHeader | null {
  switch (type) {
    case 'image/jpeg':
      return readJpegHeader(bytes)
    case 'image/png':
      return readPngHeader(bytes)
    case 'image/webp':
      return readWebpHeader(bytes)
  }
}
