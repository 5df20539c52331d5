import type { PeerLiveness } from '../peer-liveness'
import type { Allocate, Assembler } from './assembler'
import type { PathMeter } from './path-meter'

/** Takes one line for each packet that counts as received. */
export interface PacketSink {
  /** `chunkIndex`: CODED_CHUNK for a coded symbol, which is no chunk. */
  append(packetNumber: number, chunkIndex: number, size: number): void
}

/** In place of a chunk index, for a coded symbol. */
export const CODED_CHUNK = 0xffffffff

/** What a receiver is given by its endpoint. */
export interface ReceiverOptions {
  readonly sink?: PacketSink | null
  readonly peer?: PeerLiveness
  readonly allocate?: Allocate
  /** Shared by the pictures of one peer. */
  readonly meter?: PathMeter
  /** What an earlier transfer of the same picture left here (SPEC RS3). */
  readonly held?: Assembler | null
}
