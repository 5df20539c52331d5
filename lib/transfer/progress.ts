import type { Manifest } from '@/lib/protocol/packet/manifest'
import type { ReceiverStatus } from '@/lib/protocol/packet/status'
import { CHUNK_BYTES } from '@/lib/protocol/constants'

import type { TransferProgress } from './types'

/** What is shown while packets move. `status` is the receiver's count; null before it is known. */
export function progressOf(
  manifest: Pick<Manifest, 'bytes' | 'chunkCount'>,
  packetsSent: number,
  status: ReceiverStatus | null,
  bytesPerSecond: number,
): TransferProgress {
  const chunksHeld = status?.chunksHeld ?? 0
  const missingBytes = Math.max(0, manifest.bytes - chunksHeld * CHUNK_BYTES)
  // The receiver's own view of what was sent: packets still under way are not lost.
  const known = status?.packetsSent ?? 0
  return {
    packetsSent,
    packetsReceived: status?.packetsReceived ?? 0,
    lossPercent: status && known > 0 ? (100 * (known - status.packetsReceived)) / known : null,
    duplicates: status?.duplicates ?? 0,
    chunksHeld,
    chunks: manifest.chunkCount,
    bytesPerSecond,
    secondsLeft: missingBytes === 0 ? 0 : bytesPerSecond > 0 ? missingBytes / bytesPerSecond : null,
    repairRounds: status?.repairRounds ?? 0,
  }
}
