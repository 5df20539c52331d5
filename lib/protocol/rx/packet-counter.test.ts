import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { TRANSMISSIONS_EXTRA_MAX, TRANSMISSIONS_PER_CHUNK_MAX } from '../constants'
import { PacketCounter, packetNumberLimit } from './packet-counter'

describe('PacketCounter', () => {
  test('[CT2] [CT3] received counts each number once, duplicates every time but the first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3000 })), (numbers) => {
        const counter = new PacketCounter(100)
        const firsts = numbers.filter((number) => counter.count(number))
        expect(firsts).toEqual([...new Set(numbers)])
        expect(counter.received).toBe(firsts.length)
        expect(counter.duplicates).toBe(numbers.length - firsts.length)
        expect(counter.highest).toBe(Math.max(-1, ...numbers))
      }),
    )
  })

  test('[CT9] after the freeze every arrival is late, and neither received nor a duplicate', () => {
    const counter = new PacketCounter(10)
    counter.count(1)
    counter.freeze()
    expect([counter.count(1), counter.count(2)]).toEqual([false, false])
    expect(counter).toMatchObject({ received: 1, duplicates: 0, lateAfterFreeze: 2, highest: 1 })
  })

  test('[FZ5] after the thaw counting goes on, and what was late stays late', () => {
    const counter = new PacketCounter(10)
    counter.freeze()
    counter.count(4)
    counter.thaw()
    expect([counter.count(4), counter.count(4)]).toEqual([true, false])
    expect(counter).toMatchObject({ received: 1, duplicates: 1, lateAfterFreeze: 1 })
  })

  test('[CT5] numbers end where the bound on transmissions ends, for the largest picture too', () => {
    const limit = packetNumberLimit(5)
    expect(limit).toBe(5 * TRANSMISSIONS_PER_CHUNK_MAX + TRANSMISSIONS_EXTRA_MAX)
    const counter = new PacketCounter(5)
    expect([counter.inRange(limit - 1), counter.inRange(limit)]).toEqual([true, false])
    const largest = new PacketCounter(2 ** 20)
    const last = packetNumberLimit(2 ** 20) - 1
    expect([largest.count(last), largest.count(last), largest.count(0)]).toEqual([true, false, true])
  })
})
