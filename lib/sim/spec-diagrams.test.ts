import { sha256 } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'

import { toHex } from '@/lib/protocol/packet/bytes'
import { type Packet, parsePacket } from '@/lib/protocol/wire'

import type { Impairment } from './impairments'
import { World } from './world'

function digest(pieces: readonly Uint8Array[]): string {
  const hash = sha256.create()
  for (const piece of pieces) hash.update(piece)
  return toHex(hash.digest())
}

/** One line of a diagram. */
function lineOf(packet: Packet, lost: boolean): string {
  const { type, data } = packet
  const mark = lost ? ', lost' : ''
  switch (type) {
    case 'data':
      return `DATA ${data.packetNumber}: chunk ${data.chunkIndex}${mark}`
    case 'end':
      return `END round ${data.round}, ${data.packetsSent} sent${data.final ? ', final' : ''}${mark}`
    case 'report':
      return `REPORT ${data.phase}${data.phase === 'final' && data.exact ? ', exact' : ''}${mark}`
    case 'repair':
      return `REPAIR round ${data.round}${mark}`
    default:
      return `${type.toUpperCase()}${mark}`
  }
}

/** What passes in both directions, in the order of sending: copies and answers to copies left out. */
function traceOf(
  mode: 'classic' | 'repair',
  lose: (packet: Packet) => boolean,
  repairByHand = false,
): string[] {
  const lines: string[] = []
  const watch: Impairment = (bytes) => {
    const result = parsePacket(bytes)
    if ('error' in result) throw new Error(result.error)
    const lost = lose(result.packet)
    const line = lineOf(result.packet, lost)
    if (!lines.includes(line)) lines.push(line)
    return lost ? [] : [{ bytes, delayMs: 5 }]
  }
  const world = new World({ seed: 1, digest, aToB: [watch], bToA: [watch] })
  const id = world.send(world.a, world.random.bytes(4500), mode)
  world.run()
  if (repairByHand) world.b.act((endpoint, now) => endpoint.repair(id, now))
  world.run()
  return lines
}

const isPacket2 = (packet: Packet) => packet.type === 'data' && packet.data.packetNumber === 2

test('[RP3] the diagram of Repair: a chunk and the first request are lost, on both lanes', () => {
  let requests = 0
  const lines = traceOf(
    'repair',
    (packet) => isPacket2(packet) || (packet.type === 'repair' && requests++ < 2),
  )
  expect(lines).toEqual([
    'MANIFEST',
    'REPORT receiving',
    'DATA 0: chunk 0',
    'DATA 1: chunk 1',
    'DATA 2: chunk 2, lost',
    'DATA 3: chunk 3',
    'DATA 4: chunk 4',
    'END round 0, 5 sent',
    'REPAIR round 1, lost',
    'REPAIR round 1',
    'DATA 5: chunk 2',
    'END round 1, 6 sent',
    'REPORT whole',
    'END round 1, 6 sent, final',
    'REPORT final, exact',
  ])
})

test('[FZ2] the diagram of Classic: a chunk is lost, and the person has it repaired', () => {
  expect(traceOf('classic', isPacket2, true)).toEqual([
    'MANIFEST',
    'REPORT receiving',
    'DATA 0: chunk 0',
    'DATA 1: chunk 1',
    'DATA 2: chunk 2, lost',
    'DATA 3: chunk 3',
    'DATA 4: chunk 4',
    'END round 0, 5 sent, final',
    'REPORT final',
    'REPAIR round 1',
    'DATA 5: chunk 2',
    'END round 1, 6 sent',
    'REPORT whole',
    'END round 1, 6 sent, final',
    'REPORT final, exact',
  ])
})
