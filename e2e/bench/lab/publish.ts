import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { agreementTable } from '@/lib/lab/charts/agreement'
import { placesOf } from '@/lib/lab/charts/cells'
import type { ChartLook, ChartSpec, ChartTable } from '@/lib/lab/charts/chart'
import { drawSvg } from '@/lib/lab/charts/library'
import { networkChart } from '@/lib/lab/charts/network-chart'
import { qualityCurves } from '@/lib/lab/charts/quality-chart'
import { summaryTable } from '@/lib/lab/charts/summary'
import { MEANS_NAMES, networkTitles, receiverWords } from '@/lib/lab/charts/words'
import { plannedRuns } from '@/lib/lab/experiment'
import { parseResults } from '@/lib/lab/results'
import type { LabResults } from '@/lib/lab/results'
import { verdicts } from '@/lib/lab/verdict'

/** The colours of the pages by day. */
const LOOK: ChartLook = {
  ...{ dark: false, narrow: false, still: true, alone: true },
  ...{ ink: '#0c2229', muted: '#45595f', line: '#dae3e5', surface: '#ffffff', sunken: '#eff4f5' },
  ...{ accent: '#006c79', danger: '#b3261e', warn: '#7a5200' },
}

/** A document made of results, and the charts that it shows. */
export interface Publication {
  readonly markdown: string
  /** By file name. */
  readonly charts: ReadonlyMap<string, string>
}

/** Everything that results say, for people who read it without the page. `simulated`: the same experiment on the simulator. */
export function publish(results: LabResults, simulated: LabResults | null): Publication {
  const { experiment, runs, means, browser, shoal } = results
  const charts = new Map<string, string>()
  const titles = networkTitles(experiment)
  const picture = experiment.pictures[0]?.name ?? ''
  const { contenders } = experiment
  const show = (name: string, spec: ChartSpec | null): string[] => {
    if (!spec) return []
    charts.set(`${name}.svg`, drawSvg(spec.option(LOOK), spec.height))
    return [`![${spec.title}. ${spec.finding}](${name}.svg)`, spec.reading]
  }
  const planned = plannedRuns(experiment).length
  const sections = placesOf(results).flatMap((place) => {
    const said = verdicts(results).find(
      (verdict) => verdict.network === place.network && verdict.picture === place.picture,
    )
    const summary = summaryTable(results, place, contenders)
    const curves = qualityCurves(results, place, { quality: 'ssim', every: false, contenders })
    return [
      `## ${titles.get(place.network) ?? place.network}: ${place.picture}`,
      (said?.sentences ?? []).map((sentence) => `- ${sentence}`).join('\n'),
      ...show(`quality-${place.network}`.replaceAll(/[^a-z0-9-]+/g, '-'), curves?.spec ?? null),
      ...(summary ? [tableOf(summary)] : []),
    ]
  })
  const agreement = simulated ? agreementTable(results, simulated) : null
  const paragraphs = [
    '# What the lab found',
    'Made by `npm run lab -- --publish DIR` from the results that lie beside it.',
    `${MEANS_NAMES[means]}: ${runs.length} of ${planned} runs, ${experiment.start} connections, a deadline of ${experiment.deadlineMs / 1000} s, seed ${experiment.seed}. Shoal ${shoal}, ${browser}. ${receiverWords(results)}`.trim(),
    ...show('times', networkChart(results, { picture, measure: 'exact', contenders })),
    ...sections,
    ...(agreement ? ['## The simulator and the emulator', agreement.caption, tableOf(agreement)] : []),
  ]
  return { markdown: `${paragraphs.filter((text) => text !== '').join('\n\n')}\n`, charts }
}

/** Reads results.json and, where it is there, simulated.json of a folder, and writes results.md with its charts. */
export function publishFolder(folder: string): void {
  const simulated = join(folder, 'simulated.json')
  const { markdown, charts } = publish(
    read(join(folder, 'results.json')),
    existsSync(simulated) ? read(simulated) : null,
  )
  for (const [name, svg] of charts) writeFileSync(join(folder, name), svg)
  writeFileSync(join(folder, 'results.md'), markdown)
}

function read(file: string): LabResults {
  const results = parseResults(readFileSync(file, 'utf8'))
  if (!results) throw new Error(`${file} has no results of the lab`)
  return results
}

function tableOf({ columns, rows }: ChartTable): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(({ head, cells }) => line([head, ...cells])),
  ].join('\n')
}
