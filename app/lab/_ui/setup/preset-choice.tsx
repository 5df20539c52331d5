'use client'

import { ChevronRight } from 'lucide-react'

import { NETWORK_PRESETS, PRESET_NAMES } from '@/lib/lab/presets'
import type { NetworkPreset, PresetName } from '@/lib/lab/presets'

import { allNumbers, shortNumbers } from './network-words'
import { TickRow } from './tick-row'

/** Networks by name, each with its numbers and where they are from. */
export function PresetChoice({
  chosen,
  onChange,
}: {
  chosen: readonly PresetName[]
  onChange: (chosen: PresetName[]) => void
}) {
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-semibold text-muted">Ready-made</legend>
      {PRESET_NAMES.map((name) => {
        const preset = NETWORK_PRESETS[name]
        return (
          <TickRow
            key={name}
            title={preset.title}
            text={<span className="figures">{shortNumbers(preset.settings)}</span>}
            checked={chosen.includes(name)}
            onChange={(isOn) =>
              onChange(PRESET_NAMES.filter((each) => (each === name ? isOn : chosen.includes(each))))
            }
          >
            <Numbers preset={preset} />
          </TickRow>
        )
      })}
    </fieldset>
  )
}

function Numbers({ preset: { title, settings, source, assumed } }: { preset: NetworkPreset }) {
  return (
    <details className="group pb-1 text-sm max-sm:-mt-1">
      <summary className="-mx-2 inline-flex min-h-9 list-none items-center gap-1 rounded-lg px-2 text-muted hover:text-ink sm:absolute sm:top-2 sm:right-0 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden="true" className="size-4 transition-transform group-open:rotate-90" />
        Numbers and source<span className="sr-only"> of {title}</span>
      </summary>
      <div className="mt-1 mb-2 space-y-2 rounded-xl bg-sunken p-3">
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 figures sm:grid-cols-[auto_minmax(0,1fr)_auto_minmax(0,1fr)]">
          {allNumbers(settings).map(({ title: term, value }) => (
            <div key={term} className="contents">
              <dt className="text-muted">{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p>
          <span className="text-muted">Source: </span>
          {source}
        </p>
        <p>
          <span className="text-muted">Assumed by us: </span>
          {assumed}
        </p>
      </div>
    </details>
  )
}
