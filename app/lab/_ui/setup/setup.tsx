'use client'

import type { Contender, Experiment } from '@/lib/lab/experiment'
import type { LabPicture } from '@/lib/lab/pictures'
import { problemAt, problemsOf } from '@/lib/lab/problems'

import { ContenderChoice } from './contender-choice'
import { ExperimentLink } from './experiment-link'
import { NetworkChoice } from './network-choice'
import { PictureChoice } from './picture-choice'
import { PlanLine } from './plan-line'
import { RunSettings } from './run-settings'

/**
 * Sets an experiment up. While a person types it may be one that cannot be run (NaN for an empty field): `problemsOf`
 * says so, and `experimentSchema` refuses it.
 */
export function Setup({
  experiment,
  onChange,
  pictures,
  onPictures,
  canMeasure,
  disabled = false,
}: {
  experiment: Experiment
  onChange: (experiment: Experiment) => void
  /** Files for the pictures that the experiment names; the built-in one is loaded here. */
  pictures: readonly LabPicture[]
  onPictures: (pictures: readonly LabPicture[]) => void
  canMeasure: (contender: Contender) => boolean
  /** While it runs. */
  disabled?: boolean
}) {
  const problems = problemsOf(experiment)
  const measured = { ...experiment, contenders: experiment.contenders.filter(canMeasure) }
  return (
    <fieldset disabled={disabled} className="min-w-0 space-y-4 lg:space-y-6">
      <legend className="sr-only">The experiment</legend>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.35fr)] lg:grid-rows-[auto_1fr] lg:gap-6">
        <ContenderChoice
          chosen={experiment.contenders}
          onChange={(contenders) => onChange({ ...experiment, contenders })}
          canMeasure={canMeasure}
          problem={problemAt(problems, 'contenders')}
        />
        <div className="min-w-0 space-y-4 lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:space-y-6">
          <NetworkChoice
            networks={experiment.networks}
            onChange={(networks) => onChange({ ...experiment, networks })}
            problems={problems}
          />
          <PictureChoice
            named={experiment.pictures}
            onNamed={(named) => onChange({ ...experiment, pictures: named })}
            pictures={pictures}
            onPictures={onPictures}
            problem={problemAt(problems, 'pictures')}
          />
        </div>
        <RunSettings experiment={experiment} onChange={onChange} problems={problems} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3 card p-4 sm:px-6">
        <PlanLine experiment={measured} problems={problems.length} />
        <ExperimentLink experiment={experiment} />
      </div>
    </fieldset>
  )
}
