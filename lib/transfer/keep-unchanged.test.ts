import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { keepUnchanged } from './keep-unchanged'

const json = fc.jsonValue({ maxDepth: 4 })

describe('keepUnchanged', () => {
  it('holds what the next one holds', () => {
    fc.assert(
      fc.property(json, json, (before, next) => {
        expect(keepUnchanged(before, next)).toEqual(next)
      }),
    )
  })

  it('is the object from before when nothing changed', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(keepUnchanged(value, structuredClone(value))).toBe(value)
      }),
    )
  })

  it('keeps the parts that did not change, and those alone', () => {
    const before = {
      progress: { chunks: 3, held: 1 },
      report: { bytes: 7 },
      peers: [{ id: 'a' }, { id: 'b' }],
    }
    const next = { progress: { chunks: 3, held: 2 }, report: { bytes: 7 }, peers: [{ id: 'a' }, { id: 'c' }] }
    const kept = keepUnchanged(before, next)
    expect(kept).not.toBe(before)
    expect(kept.report).toBe(before.report)
    expect(kept.peers[0]).toBe(before.peers[0])
    expect(kept).toEqual(next)
  })

  it('sees a field that came, one that went, and one that is another', () => {
    for (const [before, next] of [
      [{ a: 1 }, { a: 1, b: undefined }],
      [{ a: 1, b: undefined }, { a: 1 }],
      [{ a: undefined }, { b: undefined }],
      [[1], [1, 2]],
      [[1, 2], [1]],
      [[], {}],
    ]) {
      const kept = keepUnchanged(before, next)
      expect(kept).not.toBe(before)
      expect(kept).toStrictEqual(next)
    }
  })

  it('takes anything but plain objects and arrays as it is', () => {
    const [before, next] = [{ log: new Map([[1, 2]]) }, { log: new Map([[1, 2]]) }]
    expect(keepUnchanged(before, next).log).toBe(next.log)
  })
})
