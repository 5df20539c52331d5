import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { ChunkQueue } from './chunk-queue'

const runs = fc.array(fc.record({ start: fc.nat({ max: 1000 }), length: fc.nat({ max: 20 }) }))

describe('ChunkQueue', () => {
  test('[TX2] chunks come out one by one in the order of their runs', () => {
    fc.assert(
      fc.property(runs, runs, fc.nat({ max: 30 }), (first, second, taken) => {
        const queue = new ChunkQueue()
        const expected = [...first, ...second].flatMap(({ start, length }) =>
          Array.from({ length }, (_, i) => start + i),
        )
        const out: number[] = []
        const take = () => {
          const chunkIndex = queue.shift()
          if (chunkIndex !== null) out.push(chunkIndex)
          return chunkIndex !== null
        }
        queue.push(first)
        for (let i = 0; i < taken; i++) take()
        queue.push(second)
        // More than was taken of the first alone comes in the same order all the same.
        while (!queue.empty) expect(take()).toBe(true)
        expect(out).toEqual(expected)
        expect(queue.shift()).toBeNull()
      }),
    )
  })

  test('[TX4] a cleared queue is empty and takes new runs', () => {
    const queue = new ChunkQueue()
    queue.push([{ start: 0, length: 10 }])
    queue.shift()
    queue.clear()
    expect(queue.empty).toBe(true)
    queue.push([{ start: 4, length: 1 }])
    expect([queue.shift(), queue.shift()]).toEqual([4, null])
  })
})
