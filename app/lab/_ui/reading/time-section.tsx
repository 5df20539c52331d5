'use client'

import { useMemo, useState } from 'react'

import { networkChart } from '@/lib/lab/charts/network-chart'
import { sweepChart } from '@/lib/lab/charts/sweep-chart'
import { MEASURE_WORDS, MEASURES } from '@/lib/lab/charts/words'
import type { Measure } from '@/lib/lab/charts/words'
import type { Contender } from '@/lib/lab/experiment'
import type { LabResults } from '@/lib/lab/results'

import { ChartFigure } from './chart-figure'
import { Section } from './section'
import { Select } from './select'

const CHOICES = MEASURES.map((value) => ({ value, title: MEASURE_WORDS[value].name }))

/** How long it takes: against what each sweep changes, and by network. */
export function TimeSection({
  results,
  picture,
  contenders,
}: {
  results: LabResults
  picture: string
  contenders: readonly Contender[]
}) {
  const [measure, setMeasure] = useState<Measure>('exact')
  const specs = useMemo(() => {
    const options = { picture, measure, contenders }
    const sweeps = results.experiment.networks.flatMap((network) =>
      network.type === 'sweep' ? (sweepChart(results, network, options) ?? []) : [],
    )
    return [...sweeps, ...[networkChart(results, options) ?? []].flat()]
  }, [results, picture, measure, contenders])
  const { networks } = results.experiment
  if (networks.every(({ type }) => type === 'matrix')) return null
  return (
    <Section title="How long it takes">
      <div className="mb-5 max-w-sm">
        <Select label="Until" choices={CHOICES} value={measure} onChange={setMeasure} />
      </div>
      {specs.length === 0 && <p className="text-base text-muted">This was not measured here.</p>}
      <div className="space-y-10">
        {specs.map((spec, i) => (
          <ChartFigure key={i} spec={spec} />
        ))}
      </div>
    </Section>
  )
}
