import { PACKET_MAX_BYTES, REPAIR_PARTS_MAX } from '../constants'
import { ByteReader, ByteWriter } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE, writeHeader } from './header'
import { pushRun, readRuns, type Run, RUN_MAX_BYTES } from './runs'

export type { Run } from './runs'

/** One part of a request for missing chunks; each part stands alone. */
export interface RepairRequest {
  /** 1 for the first request, then counting up; 0 names what is wanted of the first pass (SPEC RS5). */
  readonly round: number
  readonly part: number
  readonly parts: number
  /** Ascending, not touching. */
  readonly runs: readonly Run[]
}

/*
 *  | header (9)                                                      |
 *  +---------------------------------+---------------+---------------+
 *  | round (16)                      | part          | parts         |
 *  +---------------------------------+---------------+---------------+
 *  | gap, length, gap, length, ...                  (LEB128 varints) |
 *
 *  gap: chunks between the end of the run before (0 at first) and the start of this one; 0 only at first.
 */
export const REPAIR_FIXED_BYTES = HEADER_BYTES + 4

/** The request packets for these runs, at most REPAIR_PARTS_MAX of them; what does not fit waits for the next round. */
export function encodeRepair(transferId: string, round: number, runs: readonly Run[]): Uint8Array[] {
  const bodies: number[][] = []
  let body: number[] = []
  let end = 0
  for (const run of runs) {
    if (REPAIR_FIXED_BYTES + body.length + RUN_MAX_BYTES > PACKET_MAX_BYTES) {
      bodies.push(body)
      if (bodies.length === REPAIR_PARTS_MAX) break
      body = []
      end = 0
    }
    pushRun(body, run, end)
    end = run.start + run.length
  }
  if (bodies.length < REPAIR_PARTS_MAX && body.length > 0) bodies.push(body)
  return bodies.map((bytes, part) => {
    const writer = new ByteWriter(REPAIR_FIXED_BYTES + bytes.length)
    return writeHeader(writer, PACKET_TYPE.repair, transferId)
      .u16(round)
      .u8(part)
      .u8(bodies.length)
      .raw(Uint8Array.from(bytes)).bytes
  })
}

export function parseRepair(packet: Uint8Array): { data: RepairRequest } | { error: Malformed } {
  if (packet.length < REPAIR_FIXED_BYTES + 2) return { error: 'too-short' }
  const reader = new ByteReader(packet, HEADER_BYTES)
  const round = reader.u16()
  const part = reader.u8()
  const parts = reader.u8()
  if (parts < 1 || parts > REPAIR_PARTS_MAX || part >= parts) return { error: 'bad-field' }
  const runs = readRuns(reader)
  if (!runs) return { error: 'bad-runs' }
  return { data: { round, part, parts, runs } }
}
