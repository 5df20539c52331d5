import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { Random } from './random'

describe('Random', () => {
  test('the same seed gives the same numbers, another seed others', () => {
    const numbers = (seed: number) => {
      const random = new Random(seed)
      return Array.from({ length: 20 }, () => random.uint32())
    }
    expect(numbers(7)).toEqual(numbers(7))
    expect(numbers(7)).not.toEqual(numbers(8))
  })

  test('the numbers of seed 1 never change, so that a seed in an old report can be run again', () => {
    const random = new Random(1)
    expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([
      2_420_951_833, 2_513_034_076, 3_847_892_949,
    ])
  })

  test('numbers stay in their range, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, limit) => {
        const random = new Random(seed)
        const below = random.below(limit)
        expect(Number.isInteger(below) && below >= 0 && below < limit).toBe(true)
        const next = random.next()
        expect(next >= 0 && next < 1).toBe(true)
      }),
    )
  })

  test('numbers are spread evenly enough: a hundredth of 100 000 in each hundredth', () => {
    const random = new Random(3)
    const counts = new Array<number>(100).fill(0)
    for (let i = 0; i < 100_000; i++) counts[random.below(100)]! += 1
    expect(Math.min(...counts)).toBeGreaterThan(850)
    expect(Math.max(...counts)).toBeLessThan(1150)
  })

  test('what a fork draws does not change what the rest draws', () => {
    const one = new Random(5)
    const other = new Random(5)
    const fork = one.fork()
    other.fork()
    fork.bytes(100)
    expect(one.uint32()).toBe(other.uint32())
  })

  test('certain and impossible chances are what they say', () => {
    const random = new Random(9)
    for (let i = 0; i < 100; i++) {
      expect(random.chance(0)).toBe(false)
      expect(random.chance(1)).toBe(true)
    }
  })
})
