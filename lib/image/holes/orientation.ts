import { isSideways, type Orientation } from '../formats/facts'

/** A place as shares of width and height, 0 to 1. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** Where a place of the stored picture is seen, once it is turned upright (EXIF 2.32, 4.6.4 A). */
export function toUpright(orientation: Orientation, { x, y }: Place): Place {
  switch (orientation) {
    case 1:
      return { x, y }
    case 2:
      return { x: 1 - x, y }
    case 3:
      return { x: 1 - x, y: 1 - y }
    case 4:
      return { x, y: 1 - y }
    case 5:
      return { x: y, y: x }
    case 6:
      return { x: 1 - y, y: x }
    case 7:
      return { x: 1 - y, y: 1 - x }
    case 8:
      return { x: y, y: 1 - x }
  }
}

/** The way back: only the two quarter turns are not their own. */
export function toStored(orientation: Orientation, place: Place): Place {
  return toUpright(orientation === 6 ? 8 : orientation === 8 ? 6 : orientation, place)
}

export function uprightSize(
  orientation: Orientation,
  { width, height }: { readonly width: number; readonly height: number },
): { width: number; height: number } {
  return isSideways(orientation) ? { width: height, height: width } : { width, height }
}

/** The smallest EXIF segment that tells an orientation. */
export function orientationSegment(orientation: Orientation): Uint8Array {
  const tiff = [
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ]
  const id = [0x45, 0x78, 0x69, 0x66, 0, 0]
  return Uint8Array.of(0xff, 0xe1, 0, 2 + id.length + tiff.length, ...id, ...tiff)
}
