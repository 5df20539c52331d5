import { describe, expect, it } from 'vitest'

import { makePackets } from './fixtures'
import { PACKET_KINDS, packetsByKind, packetsFinding, packetsTable, packetWord } from './packets'

const packets = makePackets(600)

describe('packets of a trace', () => {
  it('are each of one kind, and keep their numbers', () => {
    const kinds = packetsByKind(packets)
    const all = PACKET_KINDS.flatMap((kind) => kinds.get(kind) ?? [])
    expect(all).toHaveLength(packets.length)
    expect(all.every(({ packet, number }) => packets[number - 1] === packet)).toBe(true)
    expect([...kinds.keys()].sort()).toEqual([...PACKET_KINDS].sort())
  })

  it('are all in the table behind the chart', () => {
    const { rows } = packetsTable(packets, 'Packets', 1000)
    const sum = (column: number) => rows.reduce((total, { cells }) => total + Number(cells[column]), 0)
    expect(sum(0)).toBe(600)
    expect(sum(1)).toBe(packets.filter(({ arrivedMs }) => arrivedMs === null).length)
  })

  it('are told in words', () => {
    const one = { sentMs: 12, arrivedMs: 60, repair: false, late: true }
    const two = { sentMs: 13, arrivedMs: null, repair: true, late: false }
    expect(packetsFinding([one, two])).toMatch(
      /^Of 2 packets 1 were lost \(50.%\) and 1 came late; 1 were repairs\.$/,
    )
    expect(packetWord({ packet: one, number: 1 })).toMatch(
      /^Packet 1\nsent at 12.ms\narrived at 60.ms, 48.ms under way, late$/,
    )
    expect(packetWord({ packet: two, number: 2 })).toMatch(/^Packet 2, a repair\nsent at 13.ms\nlost$/)
  })
})
