import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { CHUNK_BYTES } from '../constants'
import { chunkOf, pictureOf } from '../fixtures'
import { chunkCountOf } from '../packet/manifest'
import { Assembler } from './assembler'

const MIB = 2 ** 20

function joined(assembler: Assembler): Buffer {
  return Buffer.concat(assembler.pieces())
}

describe('Assembler', () => {
  test('[RX1] whatever arrives in whatever order is where it belongs, and all else is zeros', () => {
    const chunks = fc.tuple(fc.integer({ min: 1, max: 40_000 }), fc.array(fc.nat({ max: 60 })))
    fc.assert(
      fc.property(chunks, ([bytes, order]) => {
        const picture = pictureOf(bytes)
        const assembler = new Assembler(bytes)
        const expected = Buffer.alloc(bytes)
        const held = new Set<number>()
        for (const chunkIndex of order) {
          if (chunkIndex >= chunkCountOf(bytes)) continue
          expect(assembler.write(chunkIndex, chunkOf(picture, chunkIndex))).toBe(!held.has(chunkIndex))
          held.add(chunkIndex)
          expected.set(chunkOf(picture, chunkIndex), chunkIndex * CHUNK_BYTES)
        }
        expect(joined(assembler).equals(expected)).toBe(true)
        expect(assembler.held).toBe(held.size)
        expect(assembler.whole).toBe(held.size === chunkCountOf(bytes))
        const lengths = [...held].map((chunkIndex) => chunkOf(picture, chunkIndex).length)
        expect(assembler.heldBytes).toBe(lengths.reduce((sum, length) => sum + length, 0))
        let intact = 0
        while (held.has(intact)) intact++
        expect(assembler.intactBytes).toBe(Math.min(bytes, intact * CHUNK_BYTES))
      }),
    )
  })

  test('[RP2] the missing runs are exactly what is missing, ascending and apart', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 299 })), fc.integer({ min: 1, max: 400 }), (held, maxRuns) => {
        const assembler = new Assembler(300 * CHUNK_BYTES)
        for (const chunkIndex of held) assembler.write(chunkIndex, new Uint8Array(CHUNK_BYTES))
        const runs = assembler.missingRuns(maxRuns)
        expect(runs.length).toBeLessThanOrEqual(maxRuns)
        const named = runs.flatMap(({ start, length }) => Array.from({ length }, (_, i) => start + i))
        const missing = Array.from({ length: 300 }, (_, i) => i).filter((i) => !held.includes(i))
        expect(named).toEqual(missing.slice(0, named.length))
        if (runs.length < maxRuns) expect(named).toHaveLength(missing.length)
        for (let i = 1; i < runs.length; i++) {
          expect(runs[i]!.start).toBeGreaterThan(runs[i - 1]!.start + runs[i - 1]!.length)
        }
      }),
    )
  })

  test('[LM1] memory is taken where chunks arrive, a MiB at a time, and never more than announced', () => {
    const taken: number[] = []
    const bytes = 2 * MIB + 500
    const assembler = new Assembler(bytes, (count) => {
      taken.push(count)
      return new Uint8Array(count)
    })
    expect(taken).toEqual([])
    assembler.write(1500, new Uint8Array(CHUNK_BYTES))
    assembler.write(1501, new Uint8Array(CHUNK_BYTES))
    assembler.write(2048, new Uint8Array(500))
    expect(taken).toEqual([MIB, 500])
    assembler.write(0, new Uint8Array(CHUNK_BYTES))
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(bytes)
  })

  test('[LM1] the pieces of a picture with few chunks share the memory of its holes', () => {
    const assembler = new Assembler(64 * MIB + 10)
    assembler.write(0, new Uint8Array(CHUNK_BYTES).fill(7))
    const pieces = assembler.pieces()
    expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(64 * MIB + 10)
    expect(new Set(pieces.map((piece) => piece.buffer)).size).toBe(2)
  })

  test('[CX6] without memory a chunk is not kept, and that is said', () => {
    const assembler = new Assembler(3000, () => {
      throw new RangeError('Array buffer allocation failed')
    })
    expect(assembler.write(0, new Uint8Array(CHUNK_BYTES))).toBe(false)
    expect(assembler).toMatchObject({ outOfMemory: true, held: 0 })
    expect(assembler.has(0)).toBe(false)
  })

  test('[LM1] released memory is gone, the record of what was held stays', () => {
    const assembler = new Assembler(2000)
    assembler.write(0, new Uint8Array(CHUNK_BYTES).fill(1))
    assembler.write(1, new Uint8Array(2000 - CHUNK_BYTES).fill(1))
    assembler.release()
    expect(assembler.whole).toBe(true)
    expect(joined(assembler).equals(Buffer.alloc(2000))).toBe(true)
  })
})

describe('what another try has left', () => {
  const BYTES = 2 * 1024 * 1024 + 100
  const chunk = (value: number) => new Uint8Array(1024).fill(value)

  function leftOver(): Assembler {
    const left = new Assembler(BYTES)
    left.write(0, chunk(1))
    left.write(2, chunk(3))
    left.write(1500, chunk(5))
    return left
  }

  test('[RS3] is taken over with its holes, and read as it was', () => {
    const taken = new Assembler(BYTES)
    taken.adopt(leftOver())
    expect(taken.held).toBe(3)
    expect(taken.missingRuns(2)).toEqual([
      { start: 1, length: 1 },
      { start: 3, length: 1497 },
    ])
    expect(taken.chunk(1500)).toEqual(chunk(5))
    expect(taken.sharesMemory).toBe(true)
  })

  test('[RS3] is written by neither where the other one reads', () => {
    const left = leftOver()
    const taken = new Assembler(BYTES)
    taken.adopt(left)
    taken.write(1, chunk(2))
    left.write(3, chunk(4))
    left.write(1501, chunk(6))
    expect([left.has(1), taken.has(3), taken.has(1501)]).toEqual([false, false, false])
    expect(left.pieces()[0]?.[1024]).toBe(0)
    expect(taken.pieces()[0]?.[3 * 1024]).toBe(0)
    expect(taken.pieces()[1]?.[(1501 - 1024) * 1024]).toBe(0)
    expect(taken.chunk(0)).toEqual(chunk(1))
  })

  test('[RS6] is forgotten without a trace, and the one who left it keeps it', () => {
    const left = leftOver()
    const taken = new Assembler(BYTES)
    taken.adopt(left)
    taken.clear()
    expect([taken.held, taken.intactBytes, taken.sharesMemory]).toEqual([0, 0, false])
    expect(taken.pieces().every((piece) => piece.every((byte) => byte === 0))).toBe(true)
    expect(taken.write(2, chunk(9))).toBe(true)
    expect(left.chunk(2)).toEqual(chunk(3))
  })

  test('[RS3] is nothing when it is of another size, was given back, or comes too late', () => {
    const other = new Assembler(BYTES + 1)
    other.adopt(leftOver())
    const released = leftOver()
    released.release()
    const empty = new Assembler(BYTES)
    empty.adopt(released)
    const begun = new Assembler(BYTES)
    begun.write(7, chunk(7))
    begun.adopt(leftOver())
    expect([other.held, empty.held, begun.held]).toEqual([0, 0, 1])
  })
})
