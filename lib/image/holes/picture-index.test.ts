import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { CHUNK_BYTES, INDEX_PARTS_MAX } from '@/lib/protocol/constants'

import { encodeIndex, type Entry, parseIndex, type PictureIndex } from './picture-index'

const CHUNK_BITS = 8 * CHUNK_BYTES
const dc = fc.integer({ min: -2047, max: 2047 })

/** At most one entry a chunk, as the sender notes them. */
const entries = (components: number): fc.Arbitrary<Entry[]> =>
  fc
    .array(
      fc.record({
        chunks: fc.integer({ min: 1, max: 3 }),
        bits: fc.nat({ max: CHUNK_BITS - 1 }),
        units: fc.integer({ min: 1, max: 500 }),
        dc: fc.array(dc, { minLength: components, maxLength: components }),
      }),
      { maxLength: 600, size: 'max' },
    )
    .map((steps) => {
      let [chunk, unit] = [0, 0]
      return steps.map((step) => {
        chunk += step.chunks
        unit += step.units
        return { bit: chunk * CHUNK_BITS + step.bits, unit, dc: step.dc }
      })
    })

const index: fc.Arbitrary<PictureIndex> = fc.integer({ min: 1, max: 4 }).chain((components) =>
  fc.record({
    orientation: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8),
    scanOffset: fc.nat({ max: 2 ** 25 }),
    segments: fc.uint8Array({ minLength: 1, maxLength: CHUNK_BYTES - 6, size: 'max' }),
    profile: fc.uint8Array({ maxLength: 4000, size: 'max' }),
    entries: entries(components),
  }),
)

describe('the index on the wire', () => {
  test('[HO3] every index is read as it was written, whatever the order of its parts', () => {
    fc.assert(
      fc.property(
        index,
        fc.array(fc.nat(), { minLength: INDEX_PARTS_MAX, maxLength: INDEX_PARTS_MAX }),
        (written, order) => {
          const parts = encodeIndex(written)
          expect(parts.length).toBeLessThanOrEqual(INDEX_PARTS_MAX)
          for (const part of parts) expect(part.length).toBeLessThanOrEqual(CHUNK_BYTES)
          const shuffled = parts
            .map((part, i) => ({ part, at: order[i] ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ part }) => part)
          expect(parseIndex(shuffled)).toEqual(written)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('[HO3] each part with entries stands alone: what is here of them is read', () => {
    fc.assert(
      fc.property(index, fc.integer(), (written, seed) => {
        const [head, ...rest] = encodeIndex(written)
        const kept = rest.filter((_, i) => (seed >> (i % 31)) & 1)
        const read = parseIndex([head ?? new Uint8Array(), ...kept])?.entries ?? []
        const known = new Set(written.entries.map((entry) => JSON.stringify(entry)))
        for (const entry of read) expect(known.has(JSON.stringify(entry))).toBe(true)
        if (kept.length === rest.length) expect(read).toHaveLength(written.entries.length)
      }),
      { numRuns: 40 },
    )
  })

  test('[HO3] an index that would have more than 64 parts keeps one entry every few chunks', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({
      bit: (i + 1) * CHUNK_BITS + 17,
      unit: 1 + 20 * i,
      dc: [i % 100, 5, -5],
    }))
    const base = { orientation: 1, scanOffset: 600, profile: new Uint8Array() } as const
    const parts = encodeIndex({ ...base, segments: new Uint8Array(600), entries: many })
    expect(parts.length).toBeLessThanOrEqual(INDEX_PARTS_MAX)
    const read = parseIndex(parts)?.entries ?? []
    expect(read.length).toBeGreaterThan(5000)
    const steps = new Set(read.slice(1).map((entry, i) => entry.bit - (read[i]?.bit ?? 0)))
    expect(steps.size).toBe(1)
  })

  test('[HO3] without its head, or with one that does not fit, there is no index', () => {
    const base = { orientation: 1, scanOffset: 600, profile: new Uint8Array(), entries: [] } as const
    expect(encodeIndex({ ...base, segments: new Uint8Array(CHUNK_BYTES) })).toEqual([])
    expect(parseIndex(encodeIndex({ ...base, segments: new Uint8Array(9) }).slice(1))).toBeNull()
    expect(parseIndex([])).toBeNull()
  })

  test('[HO7] any parts give an index or none, and nothing throws', () => {
    const part = fc
      .tuple(fc.constantFrom(0, 1, 2, 3), fc.uint8Array({ maxLength: 1023, size: 'max' }))
      .map(([kind, rest]) => Uint8Array.of(kind, ...rest))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        for (const { bit, unit, dc: coefficients } of parseIndex(parts)?.entries ?? []) {
          expect(bit).toBeGreaterThanOrEqual(0)
          expect(unit).toBeGreaterThan(0)
          expect(coefficients.every((value) => Math.abs(value) <= 2047)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
