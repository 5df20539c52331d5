import { chunkCountOf, chunkLength, type Manifest } from './packet/manifest'
import type { End } from './packet/end'
import { NO_DIGEST, type ReceiverStatus } from './packet/status'
import { NO_ACCOUNT } from './tx/carriage'
import { type Packet, parsePacket } from './wire'

/** Test data: a transfer id. */
export const ID = '0123456789abcdef'

/** Test data: another digest for every picture length; the core never computes one. */
export function digestOf(bytes: number): string {
  return bytes.toString(16).padStart(64, '0')
}

/** Test data: a picture with another byte at every place near by. */
export function pictureOf(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 8)) & 255)
}

/** Test data: the announcement of `pictureOf(bytes)`. */
export function manifestOf(bytes: number, changes: Partial<Manifest> = {}): Manifest {
  return {
    mode: 'repair',
    type: 'image/jpeg',
    name: 'cat.jpg',
    bytes,
    chunkCount: chunkCountOf(bytes),
    width: 640,
    height: 480,
    channels: 3,
    startedAtMs: 1000,
    sha256: digestOf(bytes),
    placeholder: '',
    ...changes,
  }
}

/** Test data: what a receiver reports that has nothing yet. */
export function statusOf(changes: Partial<ReceiverStatus> = {}): ReceiverStatus {
  return {
    phase: 'receiving',
    exact: false,
    packetsSent: 0,
    packetsReceived: 0,
    duplicates: 0,
    lateAfterFreeze: 0,
    chunksHeld: 0,
    repaired: 0,
    repairRounds: 0,
    resumed: 0,
    bytesReceived: 0,
    firstPacketAtMs: 0,
    completedAtMs: 0,
    recovered: 0,
    previewAtMs: null,
    queueDelayMsP95: null,
    sha256: NO_DIGEST,
    ...changes,
  }
}

/** Test data: the last word of a sender that has sent that many packets. */
export function endOf(changes: Partial<End> = {}): End {
  return { ...NO_ACCOUNT, round: 0, packetsSent: 0, final: false, ...changes }
}

/** One chunk of a picture. */
export function chunkOf(picture: Uint8Array, chunkIndex: number): Uint8Array {
  const from = chunkIndex * 1024
  return picture.subarray(from, from + chunkLength(picture.length, chunkIndex))
}

/** Everything that waits to be sent, read as the other side would read it. */
export function takeControl(source: { pollControl: () => Uint8Array | null }): Packet[] {
  const packets: Packet[] = []
  for (let bytes = source.pollControl(); bytes; bytes = source.pollControl()) {
    const result = parsePacket(bytes)
    if ('error' in result) throw new Error(`the core wrote a packet that can't be read: ${result.error}`)
    packets.push(result.packet)
  }
  return packets
}

type DataOf = { readonly [P in Packet as P['type']]: P['data'] }

/** The packets of one type among those that wait; the others are gone. */
export function takeOf<T extends keyof DataOf>(
  source: { pollControl: () => Uint8Array | null },
  type: T,
): DataOf[T][] {
  const wanted = takeControl(source).filter((packet) => packet.type === type)
  return wanted.map(({ data }) => data as DataOf[T])
}
