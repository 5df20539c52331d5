'use client'

import { useMemo } from 'react'

import type { Place } from '@/lib/lab/charts/cells'
import { markOf } from '@/lib/lab/charts/marks'
import { bytes, networkTitles } from '@/lib/lab/charts/words'
import type { Contender } from '@/lib/lab/experiment'
import type { LabResults } from '@/lib/lab/results'

import { Select } from './select'
import { Swatch } from './swatch'

/** Which network, picture and contenders the charts below show. */
export function Choices({
  results,
  places,
  place,
  onPlace,
  hidden,
  onHidden,
}: {
  results: LabResults
  places: readonly Place[]
  place: Place
  onPlace: (place: Place) => void
  hidden: ReadonlySet<Contender>
  onHidden: (hidden: ReadonlySet<Contender>) => void
}) {
  const { experiment } = results
  const titles = useMemo(() => networkTitles(experiment), [experiment])
  const networks = [...new Set(places.map(({ network }) => network))]
  const pictures = experiment.pictures.filter(({ name }) => places.some(({ picture }) => picture === name))
  const toggle = (contender: Contender) => {
    const next = new Set(hidden)
    if (!next.delete(contender)) next.add(contender)
    if (next.size < experiment.contenders.length) onHidden(next)
  }
  return (
    <div className="space-y-4">
      <div className="grid gap-4 @xl:grid-cols-2">
        <Select
          label="Network"
          choices={networks.map((value) => ({ value, title: titles.get(value) ?? value }))}
          value={place.network}
          onChange={(network) => onPlace({ ...place, network })}
        />
        <Select
          label="Picture"
          choices={pictures.map((each) => ({
            value: each.name,
            title: `${each.name}, ${bytes(each.bytes)}`,
          }))}
          value={place.picture}
          onChange={(picture) => onPlace({ ...place, picture })}
        />
      </div>
      <fieldset className="min-w-0">
        <legend className="mb-1.5 text-base font-medium">Contenders</legend>
        <div className="flex flex-wrap gap-2">
          {experiment.contenders.map((contender) => (
            <label
              key={contender}
              className="flex min-h-11 items-center gap-2 rounded-2xl border border-line px-3 text-base has-focus-visible:outline-3 has-focus-visible:outline-accent"
            >
              <input
                type="checkbox"
                checked={!hidden.has(contender)}
                onChange={() => toggle(contender)}
                className="size-5 accent-accent"
              />
              <Swatch mark={markOf(contender)} />
              {markOf(contender).name}
            </label>
          ))}
        </div>
      </fieldset>
    </div>
  )
}
