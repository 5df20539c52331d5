import { expect, test } from 'vitest'

import { formatResults, parseResults } from '@/lib/lab/results'

import { formatCell, TABLE_CELLS } from './cells'
import type { ContenderName, RunState } from './contender'
import { labResults } from './lab-results'
import type { RunRecord } from './records'

const [cell, other] = TABLE_CELLS

function record(
  contender: ContenderName,
  round: number,
  state: RunState = 'open',
  ms: number | null = 400,
): RunRecord {
  if (!cell) throw new Error('the table is empty')
  return {
    cell: formatCell(cell),
    ...{ contender, round, state, ms, atMs: 0, loadAverage: 0, shownMs: null, previewMs: 90, lanes: null },
    outcome: ms === null ? 'deadline' : 'exact',
    report: contender === 'assured' ? { packetsSent: 400, packetsLost: 20, overheadRatio: 1.2 } : null,
    ...{ firstSecond: null, afterwards: null },
    environment: { build: 'b', browser: 'Chromium 1', kernel: '6', tcp: 'cubic', linkTool: 'tool', cores: 2 },
  }
}

test('the table’s runs become a file that the lab opens, by the kernel’s link and by no other means', () => {
  const records = [
    record('assured', 0),
    record('ws-1', 0),
    record('assured', 1),
    record('ws-1', 1, 'open', null),
    // Not among the lab's contenders, or not warm.
    record('ws-4', 0),
    record('assured', 2, 'cold'),
  ]
  const results = labResults(TABLE_CELLS, records, '1')
  if (!results) throw new Error('no results')
  const read = parseResults(formatResults(results))
  expect(read).toEqual(results)
  expect(read?.means).toBe('kernel-link')
  expect(read?.runs.map(({ contender, end, times }) => [contender, end, times.exact])).toEqual([
    ['assured', 'exact', 400],
    ['ws', 'exact', 400],
    ['assured', 'exact', 400],
    ['ws', 'deadline', null],
  ])
  expect(read?.runs[0]?.packets).toEqual({ sent: 400, lost: 20, recovered: 0 })
})

test('without runs of open connections there is no such file', () => {
  expect(labResults(other ? [other] : [], [record('assured', 0)], '1')).toBeNull()
  expect(labResults(TABLE_CELLS, [record('assured', 0, 'cold')], '1')).toBeNull()
})
