'use client'

import { useId, useState } from 'react'

import { FIELD, LABEL } from '../../../_ui/field'
import { ProblemText, problemProps } from './problem'

/**
 * A number that one types, and moves by a slider where there is one. NaN while there is none in the field, so that an
 * empty field is a problem and not the number that was there before.
 */
export function NumberField({
  label,
  unit,
  text,
  value,
  onChange,
  limits,
  slider,
  stacked = false,
  wide = false,
  problem,
}: {
  label: string
  unit?: string
  /** One line on what it is. */
  text?: string
  value: number
  onChange: (value: number) => void
  limits?: { readonly min: number; readonly max: number }
  slider?: { readonly min: number; readonly max: number; readonly step: number }
  /** The label above the field and not before it. */
  stacked?: boolean
  /** Room for ten digits. */
  wide?: boolean
  problem?: string | undefined
}) {
  const id = useId()
  const [draft, setDraft] = useState(() => textOf(value))
  // "1." and "1" are one number; another number has come from elsewhere.
  const shown = Object.is(numberOf(draft), value) ? draft : textOf(value)
  return (
    <div className="min-w-0">
      <div className={stacked ? '' : 'flex items-center justify-between gap-3'}>
        <label htmlFor={id} className={stacked ? LABEL : 'min-w-0 text-base font-medium'}>
          {label} {unit && <span className="font-normal text-muted">({unit})</span>}
        </label>
        <input
          id={id}
          type="number"
          step="any"
          inputMode="decimal"
          {...limits}
          {...problemProps(`${id}-problem`, problem)}
          value={shown}
          onChange={(event) => {
            setDraft(event.target.value)
            onChange(numberOf(event.target.value))
          }}
          className={`${FIELD} figures aria-invalid:border-danger ${stacked ? 'max-sm:px-3' : wide ? 'max-w-40 shrink-0' : 'max-w-28 shrink-0'}`}
        />
      </div>
      {slider && (
        <input
          type="range"
          aria-label={`${label}, as a slider`}
          {...slider}
          value={Number.isFinite(value) ? value : slider.min}
          onChange={(event) => onChange(event.target.valueAsNumber)}
          className="mt-1 h-8 w-full accent-accent"
        />
      )}
      {text && <p className="text-sm text-muted">{text}</p>}
      <ProblemText id={`${id}-problem`} text={problem} />
    </div>
  )
}

function textOf(value: number): string {
  return Number.isFinite(value) ? String(value) : ''
}

function numberOf(text: string): number {
  return text.trim() === '' ? NaN : Number(text)
}
