import { Random } from '@/lib/sim/random'

import type { LabResults, RunResult } from './results'
import { median, medianInterval } from './statistics'
import type { Interval } from './statistics'
import { exactMs } from './verdict'

/** One contender on one network with one picture, in two files. */
export interface ComparedCell {
  readonly contender: RunResult['contender']
  readonly network: string
  readonly picture: string
  readonly first: Interval
  readonly second: Interval
  /** Median of the second / median of the first; NaN where neither ends. */
  readonly ratio: number
}

export interface Comparison {
  /** False: the means differ, so a ratio says how well they agree and nothing of the contenders. */
  readonly sameMeans: boolean
  readonly cells: readonly ComparedCell[]
}

/** Times until exact, cell by cell, where both files have the same contender, network and picture of as many bytes. */
export function compareResults(first: LabResults, second: LabResults): Comparison {
  const theirs = cellsOf(second)
  const cells = [...cellsOf(first)].flatMap(([name, runs]) => {
    const others = theirs.get(name)
    const example = runs[0]
    if (!others || !example) return []
    const times = [runs, others].map((each) => each.map(exactMs))
    const [own = [], other = []] = times
    return [
      {
        contender: example.contender,
        network: example.network.label,
        picture: example.picture.name,
        first: intervalOf(own),
        second: intervalOf(other),
        ratio: median(other) / median(own),
      },
    ]
  })
  return { sameMeans: first.means === second.means, cells }
}

function intervalOf(times: readonly number[]): Interval {
  const random = new Random(1)
  return medianInterval(times, () => random.next())
}

function cellsOf({ runs, experiment }: LabResults): Map<string, RunResult[]> {
  const cells = new Map<string, RunResult[]>()
  for (const run of runs) {
    const { contender, network, picture } = run
    const name = JSON.stringify([
      contender,
      network.settings,
      picture.bytes,
      experiment.start,
      experiment.deadlineMs,
    ])
    cells.set(name, [...(cells.get(name) ?? []), run])
  }
  return cells
}
