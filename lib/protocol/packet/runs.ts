import type { ByteReader } from './bytes'

/** `length` chunks from `start` on. */
export interface Run {
  readonly start: number
  readonly length: number
}

/** Bytes of the longest varint that is read: enough for 32 bits. */
const VARINT_MAX_BYTES = 5
export const RUN_MAX_BYTES = 2 * VARINT_MAX_BYTES

/**
 * Runs as LEB128 varints: gap, length, gap, length, ...; the gap counts the chunks between the end of the run
 * before (0 at first) and the start of this one.
 */
export function pushRun(out: number[], run: Run, previousEnd: number): void {
  pushVarint(out, run.start - previousEnd)
  pushVarint(out, run.length)
}

/** All runs to the end of the packet; null when they are not well-formed. */
export function readRuns(reader: ByteReader): Run[] | null {
  const runs: Run[] = []
  let end = 0
  while (reader.remaining > 0) {
    const gap = readVarint(reader)
    const length = readVarint(reader)
    if (gap === null || length === null || length < 1) return null
    // Runs that touch are one run: a request has one form.
    if (gap === 0 && runs.length > 0) return null
    const start = end + gap
    end = start + length
    if (end > 0xffffffff) return null
    runs.push({ start, length })
  }
  return runs
}

/** LEB128, at most 32 bits. */
export function pushVarint(out: number[], value: number): void {
  let rest = value
  while (rest >= 0x80) {
    out.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 128)
  }
  out.push(rest)
}

/** Null when there is none, or one that is not in its only form. */
export function readVarint(reader: ByteReader): number | null {
  let value = 0
  for (let i = 0; i < VARINT_MAX_BYTES; i++) {
    if (reader.remaining < 1) return null
    const byte = reader.u8()
    value += (byte & 0x7f) * 2 ** (7 * i)
    // One number has one form: no padding with empty bytes.
    if (byte < 0x80) return byte === 0 && i > 0 ? null : value
  }
  return null
}
