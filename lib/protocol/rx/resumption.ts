import { PACKET_MAX_BYTES, REPAIR_PARTS_MAX } from '../constants'
import { encodeRepair, REPAIR_FIXED_BYTES } from '../packet/repair'
import { RUN_MAX_BYTES } from '../packet/runs'
import type { Assembler } from './assembler'

/** So many runs fit into one request, whatever their numbers. */
const RUNS_MAX = REPAIR_PARTS_MAX * Math.floor((PACKET_MAX_BYTES - REPAIR_FIXED_BYTES) / RUN_MAX_BYTES)

/** What was here of a picture before its transfer began, and how the sender is told (SPEC RS3 to RS6). */
export class Resumption {
  /** Chunks that were here. */
  readonly count: number
  /** What is wanted, always in the same words: parts of two tellings must not be mixed. */
  readonly #wanted: readonly Uint8Array[]
  #telling = true

  /** Fills an empty assembler with what another one holds of the picture; null when there is nothing to be had. */
  static begin(transferId: string, assembler: Assembler, held: Assembler | null): Resumption | null {
    if (!held || held.whole) return null
    assembler.adopt(held)
    return assembler.held > 0 ? new Resumption(transferId, assembler) : null
  }

  private constructor(transferId: string, assembler: Assembler) {
    this.count = assembler.held
    const runs = assembler.missingRuns(RUNS_MAX)
    const last = runs.at(-1)
    // More holes than can be named: the last run takes in what lies between them, as far as the end.
    if (last && runs.length === RUNS_MAX) {
      runs[RUNS_MAX - 1] = { start: last.start, length: assembler.chunkCount - last.start }
    }
    this.#wanted = encodeRepair(transferId, 0, runs)
  }

  /** The sender has not heard what is wanted. */
  tellAgain(): void {
    this.#telling = true
  }

  /** The packets that name what is wanted, when the sender is to be told. */
  pollWanted(): readonly Uint8Array[] {
    if (!this.#telling) return []
    this.#telling = false
    return this.#wanted
  }
}
