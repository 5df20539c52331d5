'use client'

import { useMemo, useState } from 'react'

import { heatMap } from '@/lib/lab/charts/heat-map'
import type { HeatMeasure } from '@/lib/lab/charts/heat-map'
import { markOf } from '@/lib/lab/charts/marks'
import type { Contender } from '@/lib/lab/experiment'
import type { LabResults } from '@/lib/lab/results'

import { Segmented } from '../../../_ui/segmented'
import { ChartFigure } from './chart-figure'
import { Section } from './section'
import { Select } from './select'

/** Each matrix of the experiment as a map, one contender at a time. */
export function MatrixSection({
  results,
  picture,
  contenders,
}: {
  results: LabResults
  picture: string
  contenders: readonly Contender[]
}) {
  const [asked, setContender] = useState<Contender | null>(null)
  const [measure, setMeasure] = useState<HeatMeasure>('time')
  const exact = useMemo(() => contenders.filter((contender) => contender !== 'rtp'), [contenders])
  const contender = exact.find((each) => each === asked) ?? exact[0]
  const specs = useMemo(
    () =>
      results.experiment.networks.flatMap((network) =>
        network.type === 'matrix' && contender !== undefined
          ? (heatMap(results, network, { picture, contender, measure }) ?? [])
          : [],
      ),
    [results, picture, contender, measure],
  )
  if (contender === undefined || results.experiment.networks.every(({ type }) => type !== 'matrix'))
    return null
  return (
    <Section title="Over two settings at once">
      <div className="mb-5 grid gap-4 @xl:grid-cols-2">
        <Select
          label="Contender"
          choices={exact.map((value) => ({ value, title: markOf(value).name }))}
          value={contender}
          onChange={setContender}
        />
        <Segmented<HeatMeasure>
          legend="Measure"
          value={measure}
          onChange={setMeasure}
          segments={[
            { value: 'time', title: 'Time', text: 'The median time until exact.' },
            { value: 'success', title: 'Success', text: 'The share of runs that ended exact.' },
          ]}
        />
      </div>
      {specs.length === 0 && <p className="text-base text-muted">This contender has no runs here yet.</p>}
      <div className="space-y-10">
        {specs.map((spec, i) => (
          <ChartFigure key={i} spec={spec} />
        ))}
      </div>
    </Section>
  )
}
