import { beforeEach, describe, expect, it } from 'vitest'

import { ID, manifestOf, pictureOf, statusOf, takeOf } from '../fixtures'
import { PictureSender } from './picture-sender'

const BYTES = 4196
const CHUNKS = 5
const LANE = {}

let sender: PictureSender

function everyChunkOnItsOwn(): number {
  let packets = 0
  while (sender.pollData()) packets++
  return packets
}

beforeEach(() => {
  sender = new PictureSender(ID, manifestOf(BYTES), pictureOf(BYTES), 0)
  sender.hold()
})

describe('a first pass that goes to many at once', () => {
  it('[FO1] does not go out by its own lanes, and END waits for it', () => {
    expect(sender.takesBroadcast).toBe(false)
    sender.handleStatus(statusOf(), 10)
    expect(sender.takesBroadcast).toBe(true)
    expect(everyChunkOnItsOwn()).toBe(0)
    expect(sender.wantsDrain).toBe(false)
    sender.handleDrained(20)
    expect(takeOf(sender, 'end')).toEqual([])
  })

  it('[FO2] each packet of it is one of this sender’s own', () => {
    sender.handleStatus(statusOf(), 10)
    for (let i = 0; i < CHUNKS; i++) sender.handleBroadcast(LANE, 'relay', 800)
    expect(sender.packetsSent).toBe(CHUNKS)
    // What the receiver has of it contradicts nothing.
    sender.handleStatus(statusOf({ packetsReceived: 3, chunksHeld: 3, packetsSent: 5 }), 20)
    expect(sender.invalid).toBe(0)
    sender.release()
    sender.handleDrained(30)
    expect(takeOf(sender, 'end')).toMatchObject([
      { packetsSent: CHUNKS, bytesSent: BYTES, path: 'relay', relayedBytes: CHUNKS * 800, lanes: 1 },
    ])
  })

  it('[FO2] not before it is answered, nor beyond the last chunk', () => {
    sender.handleBroadcast(LANE, 'relay', 1100)
    expect(sender.packetsSent).toBe(0)
    sender.handleStatus(statusOf(), 10)
    for (let i = 0; i < CHUNKS + 3; i++) sender.handleBroadcast(LANE, 'relay', 1100)
    expect(sender.packetsSent).toBe(CHUNKS)
  })

  it('[FO3] what is left of it goes by its own lanes once it is released', () => {
    sender.handleStatus(statusOf(), 10)
    sender.handleBroadcast(LANE, 'relay', 1100)
    sender.handleBroadcast(LANE, 'relay', 1100)
    sender.release()
    expect(everyChunkOnItsOwn()).toBe(CHUNKS - 2)
    sender.handleDrained(30)
    expect(takeOf(sender, 'end')).toMatchObject([{ packetsSent: CHUNKS }])
  })

  it('[FO3] a receiver that wants a part only gets it by its own lanes', () => {
    sender.handleStatus(statusOf({ chunksHeld: 3, resumed: 3 }), 10)
    sender.handleRepair({ round: 0, part: 0, parts: 1, runs: [{ start: 3, length: 2 }] }, 20)
    expect(sender.takesBroadcast).toBe(false)
    expect(everyChunkOnItsOwn()).toBe(2)
  })

  it('[FO3] is never held once something was sent', () => {
    sender.release()
    sender.handleStatus(statusOf(), 10)
    sender.pollData()
    sender.hold()
    expect(everyChunkOnItsOwn()).toBe(CHUNKS - 1)
  })
})
