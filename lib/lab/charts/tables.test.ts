import { describe, expect, it } from 'vitest'

import { agreementTable } from './agreement'
import { comparedCells, comparisonChart, comparisonTable } from './comparison'
import { EXPERIMENT, makeResults } from './fixtures'
import { markOf } from './marks'
import { summaryTable } from './summary'

const results = makeResults()
const place = { network: '4g-train', picture: 'harbour.jpg' }

describe('summaryTable', () => {
  const table = summaryTable(results, place, results.experiment.contenders)!

  it('has a column for each contender and a row for each measure', () => {
    expect(table.columns).toEqual([
      'Measure',
      ...results.experiment.contenders.map((each) => markOf(each).name),
    ])
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

describe('the comparison of two results', () => {
  it('draws those of the same means in one chart, and has a table of all', () => {
    const other = makeResults({ ...EXPERIMENT, seed: 8 })
    const cells = comparedCells(results, other)
    const spec = comparisonChart(results, other, { cells, place })!
    expect(spec.marks.map(({ name }) => name)).toEqual(['These results', 'The other results'])
    expect(spec.table.rows.map(({ head }) => head)).toEqual([
      'Assured',
      'Repair',
      'Classic',
      'Reliable channel',
    ])
    expect(spec.table.rows[2]!.cells).toEqual(['never', '0 of 8', 'never', '0 of 8'])
    // RTP never is exact by design.
    expect(comparisonTable(results, cells).rows).toHaveLength(4 * 21 * 2)
  })

  it('says which contenders differ', () => {
    const slower = {
      ...results,
      runs: results.runs.map((run) => {
        const { exact } = run.times
        const factor = run.contender === 'assured' ? 4 : 1
        return { ...run, times: { ...run.times, exact: exact === null ? null : exact * factor } }
      }),
    }
    const cells = comparedCells(results, slower)
    expect(comparisonChart(results, slower, { cells, place })?.finding).toContain(
      'Faster in the other results: none; slower: Assured;',
    )
  })

  it('never draws those of different means in one chart', () => {
    const other = makeResults(EXPERIMENT, 'kernel-link')
    const cells = comparedCells(results, other)
    expect(comparisonChart(results, other, { cells, place })).toBeNull()
    expect(agreementTable(results, other).columns).toContain('Until exact: Kernel’s link')
  })

  it('says in which part of the time two means differ', () => {
    const later = {
      ...makeResults(EXPERIMENT, 'simulator'),
      runs: results.runs.map((run) => {
        const { exact, firstPacket } = run.times
        const times = { exact: exact === null ? null : exact + 40, firstPacket: (firstPacket ?? 0) + 40 }
        return { ...run, times: { ...run.times, ...times } }
      }),
    }
    const { columns, rows } = agreementTable(results, later)
    const cellsOf = (head: string) => rows.find((row) => row.head.startsWith(head))?.cells ?? []
    const assured = cellsOf('Assured, Home Wi-Fi')
    expect(assured).toHaveLength(columns.length - 1)
    const ratioAt = (part: string) => Number(assured[columns.indexOf(`${part}: ratio`) - 1])
    expect(ratioAt('Until exact')).toBeGreaterThan(1)
    expect(ratioAt('From the first packet until exact')).toBe(1)
  })

  it('is nothing where the two have nothing in common', () => {
    const other = makeResults({ ...EXPERIMENT, networks: [{ type: 'preset', name: '3g' }] })
    expect(comparedCells(results, other)).toEqual([])
  })
})
