import { Random } from '@/lib/sim/random'

import type { Contender } from './experiment'
import type { LabResults, RunResult } from './results'
import { pairedRatio, shareInterval } from './statistics'

const NAMES: Readonly<Record<Contender, string>> = {
  assured: 'Assured',
  'assured-1': 'Assured on one lane',
  classic: 'Classic',
  repair: 'Repair',
  reliable: 'the reliable ordered channel (the service of TCP)',
  'retransmits-1': 'the channel with one retransmission',
  'retransmits-3': 'the channel with three retransmissions',
  lifetime: 'the channel with a lifetime',
  rtp: 'RTP',
  ws: 'the WebSocket over TCP',
}

/** With fewer pairs an interval of the bootstrap is too narrow to say anything by. */
const PAIRS_MIN = 5

/** Sentences about one network and one picture. */
export interface Verdict {
  readonly network: string
  readonly picture: string
  readonly sentences: readonly string[]
}

/**
 * What the data say, in plain words: of two contenders one is called faster only where the 95 % interval of the ratio of
 * medians, run by run, leaves out 1. All runs of a file are by the same means; two files are never compared here.
 */
export function verdicts(results: LabResults): Verdict[] {
  const cells = new Map<string, RunResult[]>()
  for (const run of results.runs) {
    const cell = JSON.stringify([run.network.label, run.picture.name])
    const known = cells.get(cell)
    if (known) known.push(run)
    else cells.set(cell, [run])
  }
  return [...cells.values()].map((runs) => ({
    network: runs[0]?.network.label ?? '',
    picture: runs[0]?.picture.name ?? '',
    sentences: [...speeds(runs, results), ...failures(runs)],
  }))
}

/** The first contender of the experiment that sends exact copies, against each of the others. */
function speeds(runs: readonly RunResult[], { experiment }: LabResults): string[] {
  const [own, ...others] = experiment.contenders.filter((name) => name !== 'rtp')
  if (own === undefined) return []
  return others.flatMap((other) => {
    const pairs = pairsOf(runs, own, other)
    if (pairs.length < PAIRS_MIN) return []
    const random = new Random(experiment.seed)
    const { low, middle, high } = pairedRatio(pairs, () => random.next())
    if (high < 1) return [faster(own, other, 1 / middle)]
    if (low > 1) return [faster(other, own, middle)]
    // Where neither ends, there is no ratio: that is said below.
    if (Number.isNaN(middle)) return []
    return [
      `${capital(NAMES[own])} and ${NAMES[other]} cannot be told apart by these ${pairs.length} pairs of runs.`,
    ]
  })
}

function pairsOf(runs: readonly RunResult[], own: Contender, other: Contender): [number, number][] {
  const theirs = new Map(
    runs.flatMap((run) => (run.contender === other ? [[run.repetition, run] as const] : [])),
  )
  return runs.flatMap((run) => {
    const pair = run.contender === own ? theirs.get(run.repetition) : undefined
    return pair ? [[exactMs(run), exactMs(pair)]] : []
  })
}

/** A run that never ended is the slowest. */
export function exactMs(run: RunResult): number {
  return run.times.exact ?? Infinity
}

function faster(fast: Contender, slow: Contender, times: number): string {
  const ends = `${capital(NAMES[fast])} `
  if (!Number.isFinite(times)) return `${ends}ends where ${NAMES[slow]} mostly does not by the deadline.`
  return `${ends}is ${times.toFixed(times < 1.1 ? 2 : 1)} times as fast as ${NAMES[slow]}.`
}

function failures(runs: readonly RunResult[]): string[] {
  return [...new Set(runs.map((run) => run.contender))].flatMap((contender) => {
    const own = runs.filter((run) => run.contender === contender)
    const exact = own.filter((run) => run.end === 'exact').length
    if (exact === own.length) return []
    if (contender === 'rtp') return ['RTP brings a lossy copy by design: see its quality, not its time.']
    const sent = own.reduce((sum, run) => sum + (run.packets?.sent ?? 0), 0)
    const lost = own.reduce((sum, run) => sum + (run.packets?.lost ?? 0), 0)
    const loss = sent > 0 ? `lost ${((100 * lost) / sent).toFixed(1)} % of its packets and ` : ''
    const { low, high } = shareInterval(exact, own.length)
    const percent = (share: number) => (100 * share).toFixed(0)
    const ended =
      exact === 0
        ? `never brought the whole picture in ${own.length} runs`
        : `brought the whole picture in ${exact} of ${own.length} runs (95 % interval: ${percent(low)} to ${percent(high)} %)`
    return [`${capital(NAMES[contender])} ${loss}${ended}.`]
  })
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
