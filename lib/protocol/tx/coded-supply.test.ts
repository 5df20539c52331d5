import { beforeEach, describe, expect, test } from 'vitest'

import { BlockLayout } from '../code/block-layout'
import { codedAhead, CodedSupply } from './coded-supply'

/** One block of 20 chunks. */
const SIZE = 20
let supply: CodedSupply

beforeEach(() => {
  supply = new CodedSupply(new Uint8Array(SIZE * 1024), new BlockLayout(SIZE))
})

function symbols(count: number) {
  return Array.from({ length: count }, (_, i) => ({ id: SIZE + i, bytes: new Uint8Array(1024) }))
}

function counts(): number[] {
  const jobs: number[] = []
  for (let job = supply.pollEncode(); job; job = supply.pollEncode()) jobs.push(job.count)
  return jobs
}

describe('coded symbols of a block', () => {
  test('are asked for once before any are needed: a quarter of it, more where much is lost', () => {
    supply.begin(0, 0)
    supply.begin(0, 0.5)
    expect(supply.pollEncode()).toMatchObject({ block: 0, size: SIZE, count: codedAhead(SIZE) })
    expect(counts()).toEqual([])
    expect([codedAhead(1000), codedAhead(1000, 0.1), codedAhead(1000, 0.5)]).toEqual([250, 250, 1500])
  })

  test('are not asked for where some were made before', () => {
    supply.handleCoded(0, symbols(16))
    supply.begin(0, 0.5)
    expect(counts()).toEqual([])
  })

  test('are handed out once each, in their order', () => {
    expect([supply.has(0), supply.take(0)]).toEqual([false, null])
    supply.handleCoded(0, symbols(2))
    expect([supply.take(0)?.id, supply.has(0), supply.take(0)?.id, supply.has(0)]).toEqual([
      20,
      true,
      21,
      false,
    ])
    expect(supply.taken).toBe(2)
  })

  test('are asked for again when they run out, all of them: the code goes on where it was', () => {
    supply.begin(0, 0)
    supply.askMore(0)
    expect(counts()).toEqual([16])
    supply.handleCoded(0, symbols(16))
    for (let i = 0; i < 8; i++) supply.take(0)
    supply.askMore(0)
    supply.askMore(0)
    expect(counts()).toEqual([48])
  })

  test('that come late and are fewer than those here change nothing, nor do those of no block', () => {
    supply.handleCoded(0, symbols(4))
    supply.handleCoded(0, symbols(3))
    supply.handleCoded(1, symbols(3))
    for (let i = 0; i < 4; i++) expect(supply.take(0)?.id).toBe(20 + i)
    expect([supply.take(0), supply.take(1)]).toEqual([null, null])
  })
})
