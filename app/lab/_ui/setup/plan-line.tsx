'use client'

import { extentOf } from '@/lib/lab/defaults'
import type { Experiment } from '@/lib/lab/experiment'
import { formatCount } from '@/lib/react/format'

const NBSP = '\u00a0'

/** How many runs that makes, and how long they take. */
export function PlanLine({ experiment, problems }: { experiment: Experiment; problems: number }) {
  const { runs, leastMs, mostMs } = extentOf(experiment)
  return (
    <p aria-live="polite" className="figures">
      {problems > 0 ? (
        <span className="font-medium text-danger">
          {problems === 1 ? 'One thing is' : `${problems} things are`} to be put right first.
        </span>
      ) : runs === 0 ? (
        'Nothing to run: this page can measure none of the chosen ways to send.'
      ) : (
        <>
          <span className="font-semibold">
            {formatCount(runs)} {runs === 1 ? 'run' : 'runs'}
          </span>
          : {aboutWords(leastMs)} where every picture goes as fast as its network can, at most{' '}
          {aboutWords(mostMs)}.
        </>
      )}
    </p>
  )
}

/** "45 s", "28 min", "3 h 20 min": no closer than anybody can know. */
function aboutWords(ms: number): string {
  if (ms < 90_000) return `${5 * Math.ceil(ms / 5000)}${NBSP}s`
  const minutes = Math.ceil(ms / 60_000)
  if (minutes < 90) return `${minutes}${NBSP}min`
  const tens = Math.ceil(minutes / 10)
  const rest = tens % 6 === 0 ? '' : ` ${10 * (tens % 6)}${NBSP}min`
  return `${formatCount(Math.floor(tens / 6))}${NBSP}h${rest}`
}
