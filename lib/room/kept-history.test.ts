import { beforeEach, describe, expect, it } from 'vitest'

import { type HistoryPort, KeptHistory } from './kept-history'

const CODE = 'K7QM3-XTR9B'
let log: string[]
let kept: readonly string[] | null
let history: KeptHistory

beforeEach(() => {
  log = []
  kept = null
  const port: HistoryPort = {
    keepsHistory: () => Promise.resolve(kept !== null),
    keepHistory: (_code, keep) => Promise.resolve(void log.push(`keep ${keep}`)),
    entries: {
      load: () => Promise.resolve(kept ?? []),
      append: (_code, entries) =>
        Promise.resolve(void log.push(`append ${entries.map(({ id }) => id).join()}`)),
      replace: (_code, id) => Promise.resolve(void log.push(`replace ${id}`)),
      forget: () => Promise.resolve(),
    },
  }
  history = new KeptHistory(port, CODE)
})

function entry(id: string, replaces = false) {
  return { id, text: id, replaces }
}

describe('the messages of a room', () => {
  it('are not kept before somebody chose so', async () => {
    expect(await history.load()).toEqual([])
    history.store([entry('a')])
    expect([history.keeps, log]).toEqual([false, []])
  })

  it('[CH10] are there again where they were kept, and go on being kept', async () => {
    kept = ['one', 'two']
    expect(await history.load()).toEqual(['one', 'two'])
    history.store([entry('a'), entry('b', true), entry('c')])
    expect(log).toEqual(['append a,c', 'replace b'])
  })

  it('are kept from the choice on, with all that are there by then', async () => {
    await history.choose(true, null, () => [entry('a'), entry('b')])
    expect([history.keeps, log]).toEqual([true, ['keep true', 'append a,b']])
  })

  it('are not kept when the choice was taken back, or the room left, before it was written down', async () => {
    const chosen = history.choose(true, null, () => [entry('a')])
    await Promise.all([chosen, history.choose(false, null, () => [entry('a')])])
    expect(log).toEqual(['keep true', 'keep false'])
    await history.choose(true, null, () => null)
    expect(log).toEqual(['keep true', 'keep false', 'keep true'])
  })

  it('stay chosen when what was kept is read only then', async () => {
    const loading = history.load()
    await history.choose(true, null, () => [])
    await loading
    expect(history.keeps).toBe(true)
  })
})
