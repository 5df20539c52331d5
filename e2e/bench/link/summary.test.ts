import { describe, expect, it } from 'vitest'

import { parseCell } from './cells'
import { timeByLossChart } from './chart'
import type { ContenderName, RunState } from './contender'
import { cellTable, verdictTable } from './markdown'
import { newestSeries } from './records'
import type { RunRecord } from './records'
import { summarise } from './summary'
import { cellVerdicts, previewVerdicts } from './verdicts'

const CELL = '25,20,20,200:300000'
const cell = parseCell(CELL)!
const environment = {
  build: 'b',
  browser: 'Chromium',
  kernel: '6',
  tcp: 'bbr',
  linkTool: 'linkemu',
  cores: 2,
}

function run(
  contender: ContenderName,
  round: number,
  ms: number | null,
  more: Partial<RunRecord> & { packetsSent?: number; state?: RunState } = {},
): RunRecord {
  const { packetsSent, ...rest } = more
  return {
    cell: CELL,
    contender,
    state: 'open',
    round,
    atMs: round,
    outcome: ms === null ? 'deadline' : 'exact',
    ms,
    report: packetsSent === undefined ? null : { packetsSent },
    shownMs: null,
    previewMs: null,
    lanes: null,
    firstSecond: null,
    afterwards: null,
    loadAverage: 0,
    environment,
    ...rest,
  }
}

const rowsOf = (runs: readonly RunRecord[]) => summarise(cell, runs).rows

describe('the summary of a cell', () => {
  it('compares with the WebSocket of the same round', () => {
    const runs = [0, 1, 2].flatMap((round) => [
      run('assured', round, 100 + round),
      run('ws-1', round, 200 + 2 * round),
    ])
    const summary = summarise(cell, runs)
    expect(summary.webSocketMs).toBe(202)
    expect(summary.rows[0]).toMatchObject({ contender: 'assured', exact: 3, medianMs: 101 })
    expect(summary.rows[0]?.toWebSocket?.middle).toBeCloseTo(0.5, 9)
    expect(summary.rows[1]).toMatchObject({ contender: 'ws-1', toWebSocket: null })
  })

  it('counts a run that was not finished as the slowest, and shows it', () => {
    const runs = [run('classic', 0, null), run('classic', 1, 900), run('classic', 2, null)]
    expect(rowsOf(runs)[0]).toMatchObject({ exact: 1, runs: 3, medianMs: Infinity, p95Ms: Infinity })
    expect(cellTable(summarise(cell, runs))).toContain('| classic | 1 of 3 | not finished | not finished |')
  })

  it('counts data packets against those that the picture has', () => {
    const [row] = rowsOf([run('assured', 0, 100, { packetsSent: 586 })])
    expect(row?.sentOfNeeded).toBe(2)
  })

  it('takes other states and other cells apart', () => {
    const runs = [
      run('assured', 0, 100),
      run('assured', 0, 900, { state: 'cold' }),
      run('assured', 0, 1, { cell: '25,0,20,200:300000' }),
    ]
    expect(rowsOf(runs).map(({ state, medianMs }) => [state, medianMs])).toEqual([
      ['open', 100],
      ['cold', 900],
    ])
  })
})

describe('goals', () => {
  const runs = Array.from({ length: 10 }, (_, round) => [
    run('assured', round, 400, { packetsSent: 500, previewMs: round === 9 ? 600 : 100 }),
    run('ws-1', round, 1000),
  ]).flat()
  const summary = summarise(cell, runs)

  it('are judged by the middle of the interval and by the bytes', () => {
    const verdicts = cellVerdicts(summary)
    expect(verdicts.map(({ what, must, aim }) => [what, must, aim])).toEqual([
      ['Assured: median / W', 0.5, 0.35],
      ['Assured: data sent / needed', 1.4 / 0.8, 1.25 / 0.8],
    ])
    expect(verdictTable(verdicts)).toContain('| 0.40 | 0.50 | met | 0.35 | MISSED |')
  })

  it('want a preview in time in 95 of 100 runs', () => {
    expect(previewVerdicts(summary)).toMatchObject([{ measured: 600, must: 250 }])
    expect(previewVerdicts(summarise(cell, [run('assured', 0, 400)]))).toEqual([])
  })
})

describe('records of several builds', () => {
  it('count only where they are of the newest', () => {
    const old = run('assured', 5, 900, { environment: { ...environment, build: 'old' } })
    const now = [run('assured', 6, 100), run('ws-1', 7, 200)]
    expect(newestSeries([old, ...now])).toEqual(now)
    expect(newestSeries([])).toEqual([])
  })
})

describe('the chart', () => {
  it('draws a panel for each size, from links that differ in loss alone', () => {
    const summaries = ['25,0,20,200', '25,5,20,200', '1,1,200,1000'].flatMap((link) =>
      [300_000, 2_000_000].map((bytes) => {
        const name = `${link}:${bytes}`
        const ms = link === '25,5,20,200' ? null : 100
        return summarise(parseCell(name)!, [run('assured', 0, ms, { cell: name })])
      }),
    )
    const svg = timeByLossChart(summaries)
    expect(svg).toContain('0.3 MB, median')
    expect(svg).toContain('2 MB, median')
    expect(svg.match(/<circle/g)).toHaveLength(4)
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })
})
