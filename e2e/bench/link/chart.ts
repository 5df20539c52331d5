import { formatLinkSpec } from '@/e2e/link/link-spec'

import type { ContenderName } from './contender'
import type { CellSummary } from './summary'

/** Colours that differ for colour-blind eyes too (Okabe and Ito), and hold on light and dark ground. */
const STYLES: Readonly<Record<ContenderName, { readonly colour: string; readonly dash?: string }>> = {
  assured: { colour: '#0072b2' },
  'assured-1': { colour: '#56b4e9', dash: '2 3' },
  classic: { colour: '#8a8a8a', dash: '2 3' },
  repair: { colour: '#cc79a7', dash: '6 3' },
  'reliable-1k': { colour: '#e69f00', dash: '6 3' },
  'reliable-64k': { colour: '#e69f00' },
  'ws-1': { colour: '#009e73' },
  'ws-4': { colour: '#009e73', dash: '6 3' },
  'ws-1-used': { colour: '#009e73', dash: '2 3' },
}
const HEAVY: readonly ContenderName[] = ['assured', 'ws-1']

const WIDTH = 460
const HEIGHT = 380
const LEFT = 56
const RIGHT = 96
const TOP = 44
const BOTTOM = 44
const DECADES = [100, 1000, 10_000, 100_000] as const
const TICKS = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] as const
/** Where "not finished" is drawn: above the deadline. */
const NEVER_MS = 45_000
const LABEL_GAP = 12

interface Point {
  readonly x: number
  readonly y: number
}

/** Median time against loss, a panel for each size of picture, over links that differ in loss alone. */
export function timeByLossChart(summaries: readonly CellSummary[]): string {
  const panels = [...new Set(summaries.map(({ cell }) => cell.bytes))]
    .map((bytes) => comparable(summaries.filter(({ cell }) => cell.bytes === bytes)))
    .filter((panel) => panel.length > 1)
  const drawn = panels.map(
    (panel, index) => `<g transform="translate(${index * WIDTH} 0)">${drawPanel(panel)}</g>`,
  )
  const width = Math.max(1, panels.length) * WIDTH
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="11">
<title>Time from the send to the exact picture, against packet loss</title>
<style>
  .ground { fill: #ffffff } .ink { fill: #1f2328 } .faint { fill: #59636e } .grid { stroke: #d1d9e0 } .limit { stroke: #59636e }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } .ink { fill: #f0f6fc } .faint { fill: #9198a1 } .grid { stroke: #3d444d } .limit { stroke: #9198a1 }
  }
</style>
<rect class="ground" width="${width}" height="${HEIGHT}"/>
${drawn.join('\n')}
</svg>
`
}

/** The largest set of cells that are alike but for their loss, least loss first. */
function comparable(summaries: readonly CellSummary[]): CellSummary[] {
  const likeness = ({ cell: { link } }: CellSummary): string => formatLinkSpec({ ...link, lossPercent: 0 })
  const sets = [...new Set(summaries.map(likeness))].map((name) =>
    summaries.filter((summary) => likeness(summary) === name),
  )
  const largest = sets.reduce<CellSummary[]>((best, set) => (set.length > best.length ? set : best), [])
  return largest.sort((one, other) => one.cell.link.lossPercent - other.cell.link.lossPercent)
}

function drawPanel(panel: readonly CellSummary[]): string {
  const [{ cell } = { cell: { bytes: 0, link: { oneWayMs: 0, mbit: 0, queuePackets: 0 } } }] = panel
  const { oneWayMs, mbit, queuePackets } = cell.link
  const least = Math.min(...panel.map(({ limitMs }) => limitMs))
  const bottomMs = DECADES.findLast((decade) => decade <= least) ?? DECADES[0]
  const x = (index: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * index) / (panel.length - 1)
  const y = (ms: number): number => {
    const share = Math.log(Math.min(ms, NEVER_MS) / bottomMs) / Math.log(NEVER_MS / bottomMs)
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
  }
  const ticks = TICKS.filter((tick) => tick >= bottomMs).map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/>` +
      `<text class="faint" x="${LEFT - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${seconds(tick)}</text>`,
  )
  const losses = panel.map(
    (summary, index) =>
      `<text class="faint" x="${x(index)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${summary.cell.link.lossPercent} %</text>`,
  )
  const limit = panel.map(({ limitMs }, index) => ({ x: x(index), y: y(limitMs) }))
  const lines = (Object.keys(STYLES) as ContenderName[]).flatMap((name) => {
    const points = panel.flatMap(({ rows }, index) => {
      const row = rows.find(({ contender, state }) => contender === name && state === 'open')
      return row ? [{ x: x(index), y: y(row.medianMs) }] : []
    })
    return points.length > 0 ? [{ name, points }] : []
  })
  const labels = spread([
    ...lines.map(({ name, points }) => ({
      text: name,
      colour: STYLES[name].colour,
      y: points.at(-1)?.y ?? 0,
    })),
    { text: 'limit', colour: null, y: limit.at(-1)?.y ?? 0 },
  ])
  return [
    `<text class="ink" x="${LEFT}" y="18" font-size="13" font-weight="600">${(cell.bytes / 1e6).toString()} MB, median</text>`,
    `<text class="faint" x="${LEFT}" y="33">${oneWayMs} ms one way, ${mbit} Mbit/s, queue of ${queuePackets} packets</text>`,
    ...ticks,
    `<text class="faint" x="${LEFT - 6}" y="${y(NEVER_MS) + 4}" text-anchor="end">never</text>`,
    ...losses,
    `<text class="faint" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">packets lost at random, each way</text>`,
    `<polyline class="limit" fill="none" stroke-width="2" stroke-dasharray="1 3" points="${pointsOf(limit)}"/>`,
    ...lines.map(({ name, points }) => drawLine(name, points)),
    ...labels.map(
      ({ text, colour, y: at }) =>
        `<text ${colour ? `fill="${colour}"` : 'class="faint"'} x="${WIDTH - RIGHT + 8}" y="${(at + 4).toFixed(1)}">${text}</text>`,
    ),
  ].join('\n')
}

function drawLine(name: ContenderName, points: readonly Point[]): string {
  const { colour, dash } = STYLES[name]
  const width = HEAVY.includes(name) ? 3 : 1.5
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`
  const dots = points.map(
    ({ x, y }) => `<circle cx="${x}" cy="${y.toFixed(1)}" r="${width + 0.5}" fill="${colour}"/>`,
  )
  return `<polyline fill="none" stroke="${colour}" stroke-width="${width}"${dashes} points="${pointsOf(points)}"/>${dots.join('')}`
}

function pointsOf(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${x},${y.toFixed(1)}`).join(' ')
}

/** Labels one below the other, none on top of another. */
function spread<T extends { readonly y: number }>(labels: readonly T[]): T[] {
  const sorted = [...labels].sort((one, other) => one.y - other.y)
  let least = -Infinity
  return sorted.map((label) => {
    const y = Math.max(label.y, least + LABEL_GAP)
    least = y
    return { ...label, y }
  })
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`
}
