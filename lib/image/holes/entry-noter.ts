import { CHUNK_BYTES } from '@/lib/protocol/constants'

import type { BlockWalker } from '../damage/jpeg-block'
import type { Frame, Scan } from '../damage/jpeg-frame'
import type { Orientation } from '../formats/facts'
import { isFrameHeader, JPEG, uint16 } from '../formats/jpeg-segments'
import { ascii } from '../formats/sniff'
import { joinBytes } from './join-bytes'
import { encodeIndex, type Entry } from './picture-index'

/** Beside the frame's header: what a decoder cannot do without, and Adobe's word on the colours. */
const NEEDED_MARKERS: readonly number[] = [JPEG.DQT, JPEG.DHT, JPEG.DRI, JPEG.SOS, JPEG.APP14]

const PROFILE_ID = 'ICC_PROFILE\0'
/** A profile may be cut over several segments; these have only one. */
const ONE_OF_ONE = 0x0101

/**
 * Takes notes while a JPEG's entropy code is followed in search of damage, so that the index costs no second
 * walk: of each chunk, the first unit that begins in it. Only baseline pictures of one scan have an index: in a
 * progressive one every scan tells all of the picture again, and a hole in any of them hurts all that follow.
 */
export class EntryNoter {
  readonly #segments: Uint8Array[] = []
  readonly #entries: Entry[] = []
  #profile: Uint8Array = new Uint8Array()
  #scanOffset = 0
  #scans = 0
  #isNoting = false
  #nextChunk = 0

  /** `note` is of no use before the reader is here. */
  get dueOffset(): number {
    return this.#nextChunk * CHUNK_BYTES
  }

  handleSegment(marker: number, payload: Uint8Array): void {
    if (this.#scans > 0) return
    if (marker === JPEG.APP2 && isTellingProfile(payload)) this.#profile = segment(marker, payload)
    const isNeeded = isFrameHeader(marker) || NEEDED_MARKERS.includes(marker)
    if (isNeeded) this.#segments.push(segment(marker, payload))
  }

  /** A scan begins; true when it is to be noted. */
  handleScan(offset: number, frame: Frame, scan: Scan): boolean {
    this.#isNoting = ++this.#scans === 1 && isIndexable(frame, scan)
    this.#scanOffset = offset
    this.#nextChunk = Math.floor(offset / CHUNK_BYTES) + 1
    return this.#isNoting
  }

  note(bit: number, unit: number, walkers: readonly BlockWalker[]): void {
    const chunk = Math.floor(bit / (8 * CHUNK_BYTES))
    if (chunk < this.#nextChunk) return
    this.#entries.push({ bit, unit, dc: walkers.map(({ dc }) => dc ?? 0) })
    this.#nextChunk = chunk + 1
  }

  /** The index, in parts for the wire; none for a picture that can have none. */
  finish(orientation: Orientation): Uint8Array[] {
    if (!this.#isNoting || this.#scans !== 1) return []
    return encodeIndex({
      orientation,
      scanOffset: this.#scanOffset,
      segments: joinBytes(this.#segments),
      profile: this.#profile,
      entries: this.#entries,
    })
  }
}

/** One scan holds all there is, and its codes can be followed. */
export function isIndexable(frame: Frame, scan: Scan): boolean {
  return frame.isWalkable && !frame.isProgressive && scan.components.length === frame.components.length
}

/** A colour profile that is not what is assumed without one. */
function isTellingProfile(payload: Uint8Array): boolean {
  if (ascii(payload, 0, PROFILE_ID.length) !== PROFILE_ID) return false
  const isWhole = uint16(payload, PROFILE_ID.length) === ONE_OF_ONE
  return isWhole && !new TextDecoder('latin1').decode(payload).replaceAll('\0', '').includes('sRGB')
}

function segment(marker: number, payload: Uint8Array): Uint8Array {
  const length = payload.length + 2
  return joinBytes([Uint8Array.of(0xff, marker, length >> 8, length & 0xff), payload])
}
