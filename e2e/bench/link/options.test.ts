import { describe, expect, it } from 'vitest'

import { formatCell, goalOf, parseCell, TABLE_CELLS } from './cells'
import { readOptions } from './options'
import type { Options } from './options'

function options(...argv: string[]): Options {
  const read = readOptions(argv, {})
  if ('error' in read) throw new Error(read.error)
  return read.options
}

describe('the command line', () => {
  it('means the whole table, ten runs of what is compared and five of the others', () => {
    const { cells, entries, task } = options()
    expect(task).toBe('table')
    expect(cells).toHaveLength(12)
    expect(entries.filter(({ contender }) => contender === 'assured')).toEqual([
      { contender: 'assured', state: 'open', runs: 10 },
      { contender: 'assured', state: 'first', runs: 10 },
      { contender: 'assured', state: 'cold', runs: 10 },
    ])
    expect(entries.filter(({ contender }) => contender === 'classic')).toEqual([
      { contender: 'classic', state: 'open', runs: 5 },
    ])
  })

  it('takes cells, contenders and a number of runs', () => {
    const { cells, entries } = options(
      ...['--cell', '25,5,20,200:300000', '--contenders', 'assured,ws-1', '--runs', '7'],
    )
    expect(cells.map(formatCell)).toEqual(['25,5,20,200:300000'])
    expect(entries).toEqual([
      { contender: 'assured', state: 'open', runs: 7 },
      { contender: 'ws-1', state: 'open', runs: 7 },
    ])
  })

  it('knows the short way', () => {
    expect(options('--quick').entries.map(({ contender, runs }) => [contender, runs])).toEqual([
      ['assured', 5],
      ['ws-1', 5],
    ])
  })

  it('takes another link tool by option before the environment', () => {
    const env = { SHOAL_LINK_TOOL: '/env' }
    expect(readOptions([], env)).toMatchObject({ options: { linkTool: '/env' } })
    expect(readOptions(['--link-tool', '/own'], env)).toMatchObject({ options: { linkTool: '/own' } })
  })

  it.each([
    [['--cell', '25,5,20:300000'], '--cell 25,5,20:300000'],
    [['--contenders', 'assured,tcp'], '"tcp" is none of'],
    [['--runs', '0'], '--runs must be'],
    [['--link', '25'], '--link 25'],
    [['--nonsense'], '--nonsense'],
  ])('says what is wrong with %j', (argv, message) => {
    const read = readOptions(argv, {})
    expect('error' in read && read.error).toContain(message)
  })
})

describe("the table's cells", () => {
  it('are written as they are read, and each has a goal', () => {
    for (const cell of TABLE_CELLS) {
      expect(parseCell(formatCell(cell))).toEqual(cell)
      expect(goalOf(cell)).not.toBeNull()
    }
    expect(goalOf({ ...TABLE_CELLS[0]!, bytes: 5000 })).toBeNull()
  })
})
