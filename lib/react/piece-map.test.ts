import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { PacketLog } from '@/lib/transfer/packet-log'

import { PieceMap } from './piece-map'

function logOf(chunks: readonly number[]): PacketLog {
  const log = new PacketLog()
  chunks.forEach((chunk, number) => log.append(number, chunk, 1024))
  return log
}

describe('PieceMap', () => {
  it('shows which part has arrived', () => {
    const map = new PieceMap(4)
    map.read(logOf([0, 1, 3]))
    expect([0, 1, 2, 3].map((quarter) => map.filled(quarter / 4, (quarter + 1) / 4))).toEqual([1, 1, 0, 1])
    expect(map.filled(0, 1)).toBe(0.75)
  })

  it('reads on where it stopped', () => {
    const map = new PieceMap(2)
    const log = logOf([0])
    map.read(log)
    log.append(1, 1, 10)
    map.read(log)
    expect(map.filled(0, 1)).toBe(1)
  })

  it('counts each chunk once and none that the picture does not have', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.array(fc.nat(6000), { maxLength: 200 }),
        (chunks, arrived) => {
          const map = new PieceMap(chunks)
          map.read(logOf(arrived))
          const distinct = new Set(arrived.filter((chunk) => chunk < chunks)).size
          expect(map.filled(0, 1)).toBeCloseTo(distinct / chunks, 10)
        },
      ),
    )
  })

  it('has an answer for a picture without chunks', () => {
    expect(new PieceMap(0).filled(0, 1)).toBe(0)
  })
})
