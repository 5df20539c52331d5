import { Random } from '@/lib/sim/random'

import { receiverWords } from './charts/words'
import type { LabResults, RunResult } from './results'
import { medianInterval, percentile } from './statistics'
import { exactMs, verdicts } from './verdict'

const HEADINGS = [
  'Contender',
  'Exact',
  'Median, ms',
  '95 % interval, ms',
  '95th percentile, ms',
  'Preview, ms',
  'Overhead',
]

const STYLE =
  'body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}' +
  'table{border-collapse:collapse;width:100%}th,td{text-align:right;padding:.25rem .5rem;border-bottom:1px solid}' +
  'th:first-child,td:first-child{text-align:left}'

/** A page without scripts: what the results say, and a table for each network and picture. */
export function reportHtml(results: LabResults): string {
  const { means, shoal, browser, experiment, runs } = results
  const sections = verdicts(results).map(({ network, picture, sentences }) => {
    const own = runs.filter((run) => run.network.label === network && run.picture.name === picture)
    const rows = experiment.contenders.map((contender) =>
      row(
        own.filter((run) => run.contender === contender),
        contender,
      ),
    )
    return (
      `<h2>${escape(network)}: ${escape(picture)}</h2>` +
      sentences.map((sentence) => `<p>${escape(sentence)}</p>`).join('') +
      `<table><thead><tr>${HEADINGS.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>` +
      `<tbody>${rows.join('')}</tbody></table>`
    )
  })
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>Shoal lab</title><style>${STYLE}</style><h1>Shoal lab</h1>` +
    `<p>${runs.length} runs by the ${escape(means)}, ${escape(experiment.start)} connections, a deadline of ` +
    `${experiment.deadlineMs} ms, seed ${experiment.seed}. Shoal ${escape(shoal)}, ${escape(browser)}. ` +
    `A run that did not end counts as slower than every other. ${escape(receiverWords(results))}</p>${sections.join('')}</html>\n`
  )
}

function row(runs: readonly RunResult[], contender: string): string {
  if (runs.length === 0) return line([contender, 'not measured', '', '', '', '', ''])
  const times = runs.map(exactMs)
  const random = new Random(1)
  const { low, middle, high } = medianInterval(times, () => random.next())
  const previews = runs.map((run) => run.times.firstPreview ?? Infinity)
  const overheads = runs.flatMap((run) => run.overheadRatio ?? [])
  return line([
    contender,
    `${runs.filter((run) => run.end === 'exact').length} of ${runs.length}`,
    time(middle),
    `${time(low)} to ${time(high)}`,
    time(percentile(times, 0.95)),
    time(percentile(previews, 0.5)),
    overheads.length > 0 ? percentile(overheads, 0.5).toFixed(2) : '',
  ])
}

function line(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`
}

function time(ms: number): string {
  return Number.isFinite(ms) ? ms.toFixed(0) : 'never'
}

function escape(text: string): string {
  const named: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (symbol) => named[symbol] ?? symbol)
}
