import { describe, expect, it } from 'vitest'

import { comparedResults } from './comparison'
import { EXPERIMENT, makeResults } from './fixtures'
import { summaryTable } from './summary'

const results = makeResults()
const place = { network: '4g-train', picture: 'harbour.jpg' }

describe('summaryTable', () => {
  const table = summaryTable(results, place, results.experiment.contenders)!

  it('has a column for each contender and a row for each measure', () => {
    expect(table.columns).toEqual(['Measure', 'Assured', 'Repair', 'Classic', 'Reliable channel', 'RTP'])
    expect(table.rows.every(({ cells }) => cells.length === 5)).toBe(true)
    const heads = table.rows.map(({ head }) => head)
    for (const head of [
      'Ended exact',
      'Time until exact',
      'SSIM over time',
      'Overhead',
      'Goodput',
      'Link, forth',
    ]) {
      expect(heads).toContain(head)
    }
  })

  it('says what never came, and what is lossy by design', () => {
    const exact = table.rows.find(({ head }) => head === 'Time until exact')!
    expect(exact.cells[2]).toBe('never')
    expect(exact.cells[4]).toBe('–')
    expect(table.rows[0]!.cells[4]).toBe('a lossy copy by design')
  })

  it('leaves out what was not measured at all', () => {
    const runs = results.runs.map((run) => ({ ...run, link: null, longTasks: null }))
    const heads = summaryTable({ ...results, runs }, place, ['assured'])!.rows.map(({ head }) => head)
    expect(heads).not.toContain('Link, forth')
    expect(heads).not.toContain('Long tasks')
    expect(summaryTable({ ...results, runs: [] }, place, ['assured'])).toBeNull()
  })
})

describe('comparedResults', () => {
  it('draws results of the same means in one chart', () => {
    const compared = comparedResults(results, makeResults({ ...EXPERIMENT, seed: 8 }))!
    expect(compared.spec?.marks.map(({ name }) => name)).toEqual(['These results', 'The other results'])
    // RTP never is exact by design.
    expect(compared.table.rows).toHaveLength(4 * 21 * 2)
  })

  it('never draws results of different means in one chart', () => {
    const compared = comparedResults(results, makeResults(EXPERIMENT, 'kernel-link'))!
    expect(compared.spec).toBeNull()
    expect(compared.table.columns).toContain('Kernel’s link')
    expect(compared.table.caption).toContain('nothing of the contenders')
  })

  it('is nothing where the two have nothing in common', () => {
    const other = makeResults({ ...EXPERIMENT, networks: [{ type: 'preset', name: '3g' }] })
    expect(comparedResults(results, other)).toBeNull()
  })
})
