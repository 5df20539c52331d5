import { CHUNK_BYTES, INDEX_PARTS_MAX } from '@/lib/protocol/constants'
import { ByteReader } from '@/lib/protocol/packet/bytes'
import { pushVarint, readVarint } from '@/lib/protocol/packet/runs'

import type { Orientation } from '../formats/facts'
import { joinBytes } from './join-bytes'

/** A place in a JPEG's entropy-coded data where decoding may begin. */
export interface Entry {
  /** Of its first bit in the file: byte times 8, and place in the byte. */
  readonly bit: number
  /** The unit (MCU) that begins there. */
  readonly unit: number
  /** DC coefficient before it, for each component of the scan. */
  readonly dc: readonly number[]
}

/** What must be known of a JPEG to show what is held of it. */
export interface PictureIndex {
  readonly orientation: Orientation
  /** The first byte of the entropy-coded data. */
  readonly scanOffset: number
  /** The file's segments up to the scan's header, without what decoders pass over. */
  readonly segments: Uint8Array
  /** The segment with the colour profile, where there is one that matters; empty else. */
  readonly profile: Uint8Array
  /** In the order of the file; none for the scan's beginning. */
  readonly entries: readonly Entry[]
}

const HEAD = 0
const ENTRIES = 1
const PROFILE = 2
const HEAD_FIXED_BYTES = 6
/** Wide-gamut profiles of phones have about 550 bytes; tables for printing presses have a megabyte. */
const PROFILE_PARTS_MAX = 4
const PROFILE_PART_BYTES = CHUNK_BYTES - 3
const CHUNK_BITS = CHUNK_BYTES * 8
const COMPONENTS_MAX = 4
/** DC coefficients of 8 bits, with what encoders overshoot. */
const DC_MAX = 2047

/**
 * Writes an index as parts of at most 1 024 bytes (SPEC HO3); no parts when the head does not fit into one.
 * Keeps one entry a chunk, or one every few chunks where there would be too many.
 */
export function encodeIndex(index: PictureIndex): Uint8Array[] {
  const { orientation, scanOffset, segments, entries } = index
  if (HEAD_FIXED_BYTES + segments.length > CHUNK_BYTES) return []
  const head = new Uint8Array(HEAD_FIXED_BYTES + segments.length)
  head.set([HEAD, orientation])
  new DataView(head.buffer).setUint32(2, scanOffset)
  head.set(segments, HEAD_FIXED_BYTES)
  const profile = encodeProfile(index.profile)
  for (let stride = 1; ; stride++) {
    const parts = [head, ...profile, ...encodeEntries(entries, stride)]
    if (parts.length <= INDEX_PARTS_MAX) return parts
  }
}

/** Reads what is here of an index, however little; null without its head. Never throws. */
export function parseIndex(parts: readonly Uint8Array[]): PictureIndex | null {
  const head = parts.find((part) => part[0] === HEAD && part.length > HEAD_FIXED_BYTES)
  const orientation = head?.[1] ?? 0
  if (!head || orientation < 1 || orientation > 8) return null
  const entries = parts.flatMap((part) => (part[0] === ENTRIES ? parseEntries(part) : []))
  entries.sort((a, b) => a.bit - b.bit)
  return {
    orientation: orientation as Orientation,
    scanOffset: new DataView(head.buffer, head.byteOffset).getUint32(2),
    segments: head.subarray(HEAD_FIXED_BYTES),
    profile: parseProfile(parts),
    entries,
  }
}

/** 2, place, count, and that part of the segment. */
function encodeProfile(profile: Uint8Array): Uint8Array[] {
  const count = Math.ceil(profile.length / PROFILE_PART_BYTES)
  if (count > PROFILE_PARTS_MAX) return []
  return Array.from({ length: count }, (_, place) => {
    const bytes = profile.subarray(place * PROFILE_PART_BYTES, (place + 1) * PROFILE_PART_BYTES)
    return joinBytes([Uint8Array.of(PROFILE, place, count), bytes])
  })
}

/** Empty unless all of it is here. */
function parseProfile(parts: readonly Uint8Array[]): Uint8Array {
  const found = parts.filter((part) => part[0] === PROFILE && part.length > 3)
  const count = found[0]?.[2] ?? 0
  const inOrder = Array.from({ length: count }, (_, place) => found.find((part) => part[1] === place))
  if (count > PROFILE_PARTS_MAX || inOrder.some((part) => !part)) return new Uint8Array()
  return joinBytes(inOrder.map((part) => part?.subarray(3) ?? new Uint8Array()))
}

/*
 * A part with entries, all numbers LEB128 varints but the first byte:
 *
 *   1, components, stride, chunk / stride of the first entry, then for each chunk that is a multiple of the stride
 *     units since the entry before (0: no unit begins in that chunk, nothing follows),
 *     bits from the beginning of the chunk,
 *     for each component: DC less that of the entry before, zigzag (0, -1, 1, -2, ... as 0, 1, 2, 3, ...)
 */
function encodeEntries(entries: readonly Entry[], stride: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  let part: number[] = []
  let previous: Entry | null = null
  let row = 0
  for (const entry of entries) {
    const chunk = Math.floor(entry.bit / CHUNK_BITS)
    if (chunk % stride !== 0) continue
    let bytes: number[] = previous ? encodeEntry(entry, previous, chunk / stride - row) : []
    if (!previous || part.length + bytes.length > CHUNK_BYTES) {
      if (previous) parts.push(Uint8Array.from(part))
      part = [ENTRIES, entry.dc.length]
      pushVarint(part, stride)
      pushVarint(part, chunk / stride)
      const origin = { bit: 0, unit: 0, dc: entry.dc.map(() => 0) }
      bytes = encodeEntry(entry, origin, 0)
    }
    part.push(...bytes)
    previous = entry
    row = chunk / stride + 1
  }
  if (previous) parts.push(Uint8Array.from(part))
  return parts
}

function encodeEntry(entry: Entry, previous: Entry, skippedRows: number): number[] {
  const bytes = new Array<number>(skippedRows).fill(0)
  pushVarint(bytes, entry.unit - previous.unit)
  pushVarint(bytes, entry.bit % CHUNK_BITS)
  for (const [component, dc] of entry.dc.entries()) {
    const difference = dc - (previous.dc[component] ?? 0)
    pushVarint(bytes, difference < 0 ? -2 * difference - 1 : 2 * difference)
  }
  return bytes
}

/** As many entries as can be read: what follows a broken one is left out. */
function parseEntries(part: Uint8Array): Entry[] {
  const entries: Entry[] = []
  const reader = new ByteReader(part, 2)
  const components = part[1] ?? 0
  const stride = readVarint(reader)
  let row = readVarint(reader)
  if (components < 1 || components > COMPONENTS_MAX || stride === null || row === null) return entries
  let unit = 0
  let dc = new Array<number>(components).fill(0)
  for (; reader.remaining > 0; row++) {
    const units = readVarint(reader)
    if (units === 0) continue
    const bits = readVarint(reader)
    if (units === null || bits === null || bits >= CHUNK_BITS) return entries
    const next: number[] = []
    for (const before of dc) {
      const zigzag = readVarint(reader)
      if (zigzag === null) return entries
      next.push(before + (zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2))
    }
    if (next.some((value) => Math.abs(value) > DC_MAX)) return entries
    unit += units
    dc = next
    entries.push({ bit: row * stride * CHUNK_BITS + bits, unit, dc })
  }
  return entries
}
