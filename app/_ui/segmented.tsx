'use client'

import { useId } from 'react'

export interface Segment<Value extends string> {
  readonly value: Value
  readonly title: string
  /** One line on what it does, shown while it is chosen. */
  readonly text: string
}

/** One of two or three, side by side, with a line on the one that is chosen. */
export function Segmented<Value extends string>({
  legend,
  segments,
  value,
  onChange,
}: {
  legend: string
  segments: readonly Segment<Value>[]
  value: Value
  onChange: (value: Value) => void
}) {
  const id = useId()
  return (
    <fieldset className="min-w-0" aria-describedby={`${id}-text`}>
      <legend className="mb-2 text-base font-medium">{legend}</legend>
      <div className="flex gap-1 rounded-2xl bg-sunken p-1">
        {segments.map((segment) => (
          <label
            key={segment.value}
            className={`relative flex min-h-11 flex-1 items-center justify-center rounded-xl px-1.5 text-base font-semibold transition-colors has-focus-visible:outline-3 has-focus-visible:outline-accent sm:px-3 ${
              segment.value === value
                ? 'bg-surface text-accent-ink shadow-segment'
                : 'text-muted hover:text-ink'
            }`}
          >
            <input
              type="radio"
              name={id}
              value={segment.value}
              checked={segment.value === value}
              onChange={() => onChange(segment.value)}
              className="absolute inset-0 opacity-0"
            />
            {segment.title}
          </label>
        ))}
      </div>
      <p id={`${id}-text`} className="mt-2 text-base text-muted">
        {segments.find((segment) => segment.value === value)?.text}
      </p>
    </fieldset>
  )
}
