import { describe, expect, test } from 'vitest'

import { DataPacketWriter } from '@/lib/protocol/packet/data'
import { SymbolPacketWriter } from '@/lib/protocol/packet/symbol'

import { ArrivalRecorder, SendRecorder, tracePackets } from './packet-recorder'

const ID = '0123456789abcdef'
const PAYLOAD = new Uint8Array(1024)

/** Recorders of both ends on a clock that the test moves, of a picture of ten chunks that is sent at 1 000. */
function recording() {
  let now = 1000
  const sent = new SendRecorder(() => now, now, 10)
  // The other end has expected it for 4 ms, and its clock is 500 ms ahead.
  const arrived = new ArrivalRecorder(() => now + 500, 1496)
  const at = (ms: number) => (now = 1000 + ms)
  return { sent, arrived, at, trace: () => tracePackets(sent.packets(), arrived.arrivals(), -4) }
}

describe('the packets of a run', () => {
  test('are sent, arrive, and are lost, in milliseconds since the send', () => {
    const { sent, arrived, at, trace } = recording()
    const writer = new DataPacketWriter(ID)
    const [first, second] = [0, 1].map((number) => writer.encode(number, number, PAYLOAD).slice())
    at(5)
    for (const packet of [first, second]) if (packet) sent.handle(packet)
    at(30)
    if (first) arrived.handle(first)
    expect(trace()).toEqual([
      { sentMs: 5, arrivedMs: 30, repair: false, late: false },
      { sentMs: 5, arrivedMs: null, repair: false, late: false },
    ])
  })

  test('are repair when they carry a chunk again, or a symbol beyond the picture’s own', () => {
    const { sent, trace } = recording()
    const data = new DataPacketWriter(ID)
    const symbols = new SymbolPacketWriter(ID)
    sent.handle(data.encode(0, 3, PAYLOAD))
    sent.handle(data.encode(1, 3, PAYLOAD))
    sent.handle(symbols.encode(2, 0, 4, 1000, PAYLOAD))
    sent.handle(symbols.encode(3, 0, 10, 1000, PAYLOAD))
    expect(trace().map(({ repair }) => repair)).toEqual([false, true, false, true])
  })

  test('are late when one that was sent after them came before them; a copy changes nothing', () => {
    const { sent, arrived, at, trace } = recording()
    for (const number of [0, 1]) sent.handleNumber(number, number)
    at(20)
    arrived.handleNumber(1)
    at(25)
    arrived.handleNumber(0)
    at(90)
    arrived.handleNumber(0)
    expect(trace().map(({ arrivedMs, late }) => [arrivedMs, late])).toEqual([
      [25, true],
      [20, false],
    ])
  })

  test('are those of the picture alone: nothing that carries none of it, nothing that was not sent', () => {
    const { sent, arrived, trace } = recording()
    sent.handle(new Uint8Array(20))
    sent.handle(new DataPacketWriter(ID).encode(0, 0, PAYLOAD).subarray(0, 10))
    arrived.handleNumber(7)
    expect(trace()).toEqual([])
  })
})
