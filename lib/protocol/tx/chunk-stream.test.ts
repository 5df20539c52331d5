import { beforeEach, describe, expect, test } from 'vitest'

import { ID, manifestOf, pictureOf } from '../fixtures'
import { packetNumberLimit } from '../rx/packet-counter'
import { parsePacket } from '../wire'
import { ChunkStream } from './chunk-stream'

/** Five chunks, the last of 100 bytes. */
const BYTES = 4196
let stream: ChunkStream

beforeEach(() => {
  stream = new ChunkStream(ID, manifestOf(BYTES), pictureOf(BYTES))
})

/** Of all that waits: packet number, chunk index, bytes. */
function pollAll(): number[][] {
  const sent: number[][] = []
  for (let bytes = stream.poll(); bytes; bytes = stream.poll()) {
    const result = parsePacket(bytes)
    if ('error' in result || result.packet.type !== 'data') throw new Error('no data packet')
    const { packetNumber, chunkIndex, payload } = result.packet.data
    sent.push([packetNumber, chunkIndex, payload.length])
  }
  return sent
}

describe('the chunks of a picture', () => {
  test('[CT1] go out in the order of asking, each time under another number', () => {
    stream.push([{ start: 3, length: 2 }])
    stream.push([{ start: 0, length: 1 }])
    expect(pollAll()).toEqual([
      [0, 3, 1024],
      [1, 4, 100],
      [2, 0, 1024],
    ])
    stream.push([{ start: 4, length: 1 }])
    expect(pollAll()).toEqual([[3, 4, 100]])
  })

  test('[TX3] are done when the lane is drained after the last of them', () => {
    stream.push([{ start: 0, length: 1 }])
    expect([stream.wantsDrain, stream.done]).toEqual([false, false])
    pollAll()
    expect([stream.wantsDrain, stream.done]).toEqual([true, false])
    stream.handleDrained()
    expect([stream.wantsDrain, stream.done]).toEqual([false, true])
    stream.push([{ start: 1, length: 1 }])
    expect(stream.done).toBe(false)
  })

  test('[FO1] that are held back go out by another way, as if they had been sent', () => {
    stream.push([{ start: 3, length: 2 }])
    stream.hold()
    expect(stream.poll()).toBeNull()
    expect([stream.skip(), stream.skip(), stream.skip()]).toEqual([1024, 100, null])
    expect([stream.packetsSent, stream.wantsDrain]).toEqual([2, false])
    stream.release()
    expect(stream.wantsDrain).toBe(true)
  })

  test('[FO1] are not held back once some of them have gone', () => {
    stream.push([{ start: 0, length: 2 }])
    stream.poll()
    stream.hold()
    expect(stream.poll()).not.toBeNull()
  })

  test('[LM4] end with the packet numbers', () => {
    const limit = packetNumberLimit(5)
    for (let sent = 0; sent < limit; sent++) {
      stream.push([{ start: 0, length: 1 }])
      expect(stream.poll()).not.toBeNull()
    }
    stream.push([{ start: 0, length: 1 }])
    expect([stream.poll(), stream.exhausted, stream.packetsSent]).toEqual([null, true, limit])
  })
})
