import { describe, expect, test } from 'vitest'

import { DataPacketWriter } from '@/lib/protocol/packet/data'
import { SymbolPacketWriter } from '@/lib/protocol/packet/symbol'

import { PacketRecorder } from './packet-recorder'

const ID = '0123456789abcdef'
const PAYLOAD = new Uint8Array(1024)

/** A recorder on a clock that the test moves, of a picture of ten chunks that is sent at 1 000. */
function recording() {
  let now = 1000
  const recorder = new PacketRecorder(() => now)
  recorder.start(now, 10)
  return { recorder, at: (ms: number) => (now = 1000 + ms) }
}

describe('the packets of a run', () => {
  test('are sent, arrive, and are lost, in milliseconds since the send', () => {
    const { recorder, at } = recording()
    const writer = new DataPacketWriter(ID)
    const [first, second] = [0, 1].map((number) => writer.encode(number, number, PAYLOAD).slice())
    at(5)
    for (const packet of [first, second]) if (packet) recorder.handleSent(packet)
    at(30)
    if (first) recorder.handleArrived(first)
    expect(recorder.packets()).toEqual([
      { sentMs: 5, arrivedMs: 30, repair: false, late: false },
      { sentMs: 5, arrivedMs: null, repair: false, late: false },
    ])
  })

  test('are repair when they carry a chunk again, or a symbol beyond the picture’s own', () => {
    const { recorder } = recording()
    const data = new DataPacketWriter(ID)
    const symbols = new SymbolPacketWriter(ID)
    recorder.handleSent(data.encode(0, 3, PAYLOAD))
    recorder.handleSent(data.encode(1, 3, PAYLOAD))
    recorder.handleSent(symbols.encode(2, 0, 4, 1000, PAYLOAD))
    recorder.handleSent(symbols.encode(3, 0, 10, 1000, PAYLOAD))
    expect(recorder.packets().map(({ repair }) => repair)).toEqual([false, true, false, true])
  })

  test('are late when one that was sent after them came before them; a copy changes nothing', () => {
    const { recorder, at } = recording()
    for (const number of [0, 1]) recorder.handleSentNumber(number, number)
    at(20)
    recorder.handleArrivedNumber(1)
    at(25)
    recorder.handleArrivedNumber(0)
    at(90)
    recorder.handleArrivedNumber(0)
    expect(recorder.packets().map(({ arrivedMs, late }) => [arrivedMs, late])).toEqual([
      [25, true],
      [20, false],
    ])
  })

  test('are those of the picture alone: nothing before the send, nothing that carries none of it', () => {
    const recorder = new PacketRecorder(() => 0)
    const packet = new DataPacketWriter(ID).encode(0, 0, PAYLOAD)
    recorder.handleSent(packet)
    recorder.start(0, 1)
    recorder.handleSent(new Uint8Array(20))
    recorder.handleSent(packet.subarray(0, 10))
    recorder.handleArrivedNumber(7)
    expect(recorder.packets()).toEqual([])
  })
})
