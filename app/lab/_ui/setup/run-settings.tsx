'use client'

import { Dices } from 'lucide-react'

import { SEED_MAX } from '@/lib/lab/experiment'
import type { Experiment } from '@/lib/lab/experiment'
import { problemAt } from '@/lib/lab/problems'
import type { Problem } from '@/lib/lab/problems'

import { Button } from '../../../_ui/button'
import { Segmented } from '../../../_ui/segmented'
import type { Segment } from '../../../_ui/segmented'
import { NumberField } from './number-field'

const STARTS: readonly Segment<Experiment['start']>[] = [
  {
    value: 'warm',
    title: 'Warm',
    text: 'The connection has carried something before, and knows its path.',
  },
  { value: 'cold', title: 'Cold', text: 'The connection is new: the picture is the first that it carries.' },
]

/** How often, how long, and from which seed. */
export function RunSettings({
  experiment,
  onChange,
  problems,
}: {
  experiment: Experiment
  onChange: (experiment: Experiment) => void
  problems: readonly Problem[]
}) {
  return (
    <section aria-labelledby="setup-runs" className="card p-5 sm:p-6">
      <h2 id="setup-runs" className="text-xl font-semibold tracking-tight">
        Runs
      </h2>
      <div className="mt-4 space-y-5">
        <NumberField
          label="Repetitions"
          text="Of each way, network and picture. Five is the least that a comparison can be made of."
          value={experiment.repetitions}
          onChange={(repetitions) => onChange({ ...experiment, repetitions })}
          limits={{ min: 1, max: 1000 }}
          problem={problemAt(problems, 'repetitions')}
        />
        <NumberField
          label="Deadline"
          unit="s"
          text="A run that has not ended by then counts as never finished."
          value={experiment.deadlineMs / 1000}
          onChange={(seconds) => onChange({ ...experiment, deadlineMs: Math.round(seconds * 1000) })}
          limits={{ min: 0.1, max: 600 }}
          problem={problemAt(problems, 'deadlineMs')}
        />
        <div>
          <NumberField
            label="Seed"
            text="Decides which packets are lost, the same for all ways to send."
            value={experiment.seed}
            onChange={(seed) => onChange({ ...experiment, seed })}
            limits={{ min: 0, max: SEED_MAX }}
            problem={problemAt(problems, 'seed')}
            wide
          />
          <Button
            variant="quiet"
            className="mt-1 -ml-3 px-3"
            onClick={() => onChange({ ...experiment, seed: newSeed() })}
          >
            <Dices aria-hidden="true" />
            New seed
          </Button>
        </div>
        <Segmented
          legend="Connection"
          segments={STARTS}
          value={experiment.start}
          onChange={(start) => onChange({ ...experiment, start })}
        />
      </div>
    </section>
  )
}

/** Short enough to be read out. */
function newSeed(): number {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1))
  return number % 1_000_000
}
