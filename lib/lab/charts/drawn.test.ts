import { describe, expect, it } from 'vitest'

import type { LabResults } from '../results'

import type { ChartLook, ChartSpec } from './chart'
import { makePackets, makeResults } from './fixtures'
import { heatMap } from './heat-map'
import { init } from './library'
import type { Matrix } from './heat-map'
import { networkChart } from './network-chart'
import { packetChart } from './packet-chart'
import { qualityCurves } from './quality-chart'
import { sweepChart } from './sweep-chart'
import type { Sweep } from './sweep-chart'

const LOOK: ChartLook = {
  ...{ dark: false, narrow: false, still: true, alone: true },
  ...{ ink: '#111111', muted: '#555555', line: '#dddddd', surface: '#ffffff', sunken: '#eeeeee' },
  ...{ accent: '#006c79', danger: '#aa0000', warn: '#886600' },
}

const results = makeResults()
const { contenders } = results.experiment
const place = { network: '4g-train', picture: 'harbour.jpg' }
const options = { picture: 'harbour.jpg', measure: 'exact', contenders } as const
const sweep = results.experiment.networks.find((network): network is Sweep => network.type === 'sweep')!
const matrix = results.experiment.networks.find((network): network is Matrix => network.type === 'matrix')!
const none: LabResults = { ...results, runs: [] }

const quality = qualityCurves(results, place, { quality: 'ssim', every: true, contenders })!
const run = results.runs.find((each) => each.network.label === '4g-train')!
const specs: Readonly<Record<string, ChartSpec>> = {
  'quality, every run': quality.spec,
  'quality, median': qualityCurves(results, place, { quality: 'psnrDb', every: false, contenders })!.spec,
  sweep: sweepChart(results, sweep, options)!,
  networks: networkChart(results, options)!,
  'heat map of times': heatMap(results, matrix, {
    picture: 'harbour.jpg',
    contender: 'assured',
    measure: 'time',
  })!,
  'heat map of successes': heatMap(results, matrix, {
    ...{ picture: 'harbour.jpg', contender: 'classic', measure: 'success' },
  })!,
  packets: packetChart({ key: run.key, frames: [], packets: makePackets(500) }, run, '4G on a train')!,
}

describe.each(Object.entries(specs))('the chart of %s', (_, spec) => {
  it.each([
    { name: 'alone by day', look: LOOK },
    { name: 'on a phone by night', look: { ...LOOK, dark: true, narrow: true, alone: false } },
  ])('is drawn, $name', ({ look }) => {
    const svg = draw(spec, look)
    expect(svg).toContain('<svg')
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    if (look.alone) for (const { name } of spec.marks) expect(svg).toContain(name)
  })

  it('has a table with a cell for every column, and says what it finds', () => {
    const { columns, rows, caption } = spec.table
    expect(caption).not.toBe('')
    expect(rows.length).toBeGreaterThan(0)
    for (const { cells } of rows) expect(cells).toHaveLength(columns.length - 1)
    expect(new Set(columns).size).toBe(columns.length)
    expect(spec.finding).toMatch(/\w.*\.$/)
    expect(`${spec.finding} ${spec.reading}`).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('what runs that never end look like', () => {
  it('they lie past the deadline, and their points are hollow', () => {
    const { series } = specs['sweep']!.option(LOOK)
    const classic = [series ?? []].flat().find(({ name }) => name === 'Classic')!
    const points = classic.data as { value: number[]; itemStyle: { color: string } }[]
    expect(points[0]!.value[1]).toBeLessThan(results.experiment.deadlineMs)
    expect(points[0]!.itemStyle.color).not.toBe(LOOK.surface)
    for (const { value, itemStyle } of points.slice(1)) {
      expect(value[1]).toBeGreaterThan(results.experiment.deadlineMs)
      expect(itemStyle.color).toBe(LOOK.surface)
    }
    expect(specs['sweep']!.finding).toContain('Classic never')
  })

  it('a map says never where half of them did not end', () => {
    const spec = heatMap(results, matrix, { picture: 'harbour.jpg', contender: 'classic', measure: 'time' })!
    expect(spec.table.rows.every(({ cells }) => cells.every((cell) => cell === 'never'))).toBe(true)
    expect(draw(spec, LOOK)).not.toMatch(/NaN|Infinity/)
  })
})

describe('without runs', () => {
  it('there are no charts', () => {
    expect(qualityCurves(none, place, { quality: 'ssim', every: false, contenders })).toBeNull()
    expect(sweepChart(none, sweep, options)).toBeNull()
    expect(networkChart(none, options)).toBeNull()
    expect(
      heatMap(none, matrix, { picture: 'harbour.jpg', contender: 'assured', measure: 'time' }),
    ).toBeNull()
    expect(packetChart({ key: run.key, frames: [], packets: [] }, run, '')).toBeNull()
  })

  it('there is no curve where quality was not measured', () => {
    const runs = results.runs.map((each) => ({ ...each, samples: [], area: null }))
    expect(
      qualityCurves({ ...results, runs }, place, { quality: 'ssim', every: false, contenders }),
    ).toBeNull()
  })
})

function draw(spec: ChartSpec, look: ChartLook): string {
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: look.narrow ? 320 : 1000,
    height: spec.height,
  })
  chart.setOption(spec.option(look))
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}
