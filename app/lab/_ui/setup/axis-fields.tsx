'use client'

import { useId, useState } from 'react'

import { NETWORK_PARAMETERS } from '@/lib/lab/networks'
import type { NetworkParameter } from '@/lib/lab/networks'
import { limitsOf, PARAMETERS } from '@/lib/lab/parameters'
import { isSameList, stepsOf, sweepValues } from '@/lib/lab/sweep'
import type { Steps } from '@/lib/lab/sweep'

import { Button } from '../../../_ui/button'
import { FIELD, LABEL } from '../../../_ui/field'
import { axisWords } from './network-words'
import { NumberField } from './number-field'
import { ProblemText } from './problem'

export interface Axis {
  readonly parameter: NetworkParameter
  readonly values: number[]
}

const NO_STEPS: Steps = { from: NaN, to: NaN, step: NaN }

/** One number of a network, and the values that it takes in turn. */
export function AxisFields({
  legend,
  label,
  axis,
  taken,
  onChange,
  problem,
}: {
  legend: string
  label: string
  axis: Axis
  /** What the other axis goes over. */
  taken: NetworkParameter | null
  onChange: (axis: Axis) => void
  problem: string | undefined
}) {
  const id = useId()
  const { parameter, values } = axis
  const [draft, setDraft] = useState(() => stepsOf(values) ?? NO_STEPS)
  // What was typed, as long as it stands for these values; others have come from elsewhere.
  const steps = isSameList(sweepValues(draft), values) ? draft : stepsOf(values)
  const change = (next: Steps) => {
    setDraft(next)
    onChange({ parameter, values: sweepValues(next) })
  }
  const fields = [
    ['from', 'From'],
    ['to', 'To'],
    ['step', 'Step'],
  ] as const
  return (
    <fieldset className="min-w-0" aria-describedby={problem === undefined ? undefined : `${id}-problem`}>
      <legend className="sr-only">{legend}</legend>
      <label htmlFor={id} className={LABEL}>
        {label}
      </label>
      <select
        id={id}
        className={FIELD}
        value={parameter}
        onChange={(event) => {
          const next = NETWORK_PARAMETERS.find((each) => each === event.target.value) ?? parameter
          onChange({ parameter: next, values: sweepValues(PARAMETERS[next].sweep) })
        }}
      >
        {NETWORK_PARAMETERS.map((each) => (
          <option key={each} value={each} disabled={each === taken}>
            {PARAMETERS[each].title} ({PARAMETERS[each].unit})
          </option>
        ))}
      </select>
      {steps ? (
        <div className="mt-3 grid grid-cols-3 gap-2 sm:gap-3">
          {fields.map(([name, label]) => (
            <NumberField
              key={name}
              label={label}
              stacked
              value={steps[name]}
              onChange={(value) => change({ ...steps, [name]: value })}
              {...(name !== 'step' && { limits: limitsOf(parameter) })}
            />
          ))}
        </div>
      ) : (
        <Button className="mt-3" onClick={() => change(evenSteps(values))}>
          Even steps instead
        </Button>
      )}
      {values.length > 0 && <p className="mt-2 text-sm text-muted figures">{axisWords(axis)}</p>}
      <ProblemText id={`${id}-problem`} text={problem} />
    </fieldset>
  )
}

/** Over the same range, with as many values. */
function evenSteps(values: readonly number[]): Steps {
  const [from, to] = [Math.min(...values), Math.max(...values)]
  return { from, to, step: (to - from) / Math.max(1, values.length - 1) || 1 }
}
