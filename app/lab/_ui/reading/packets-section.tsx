'use client'

import { useMemo, useState } from 'react'

import type { Place } from '@/lib/lab/charts/cells'
import { traceAt } from '@/lib/lab/charts/cells'
import { markOf } from '@/lib/lab/charts/marks'
import { packetChart } from '@/lib/lab/charts/packet-chart'
import { networkTitles } from '@/lib/lab/charts/words'
import type { Contender } from '@/lib/lab/experiment'
import type { LabResults } from '@/lib/lab/results'
import type { RunTrace } from '@/lib/lab/traces'

import { ChartFigure } from './chart-figure'
import { Section } from './section'
import { Select } from './select'

/** The packets of the last run of a contender that was traced. */
export function PacketsSection({
  results,
  traces,
  place,
  contenders,
}: {
  results: LabResults
  traces: ReadonlyMap<string, RunTrace>
  place: Place
  contenders: readonly Contender[]
}) {
  const [asked, setContender] = useState<Contender | null>(null)
  const traced = useMemo(
    () =>
      contenders.flatMap((contender) => {
        const seen = traceAt(results, traces, place, contender)
        return seen && seen.trace.packets.length > 0 ? [{ contender, ...seen }] : []
      }),
    [results, traces, place, contenders],
  )
  const chosen = traced.find(({ contender }) => contender === asked) ?? traced[0]
  const spec = useMemo(() => {
    const network = networkTitles(results.experiment).get(place.network) ?? place.network
    return chosen ? packetChart(chosen.trace, chosen.run, network) : null
  }, [chosen, results.experiment, place])
  return (
    <Section title="Packet by packet">
      {chosen && spec ? (
        <>
          <div className="mb-5 max-w-sm">
            <Select
              label="Contender"
              choices={traced.map(({ contender }) => ({ value: contender, title: markOf(contender).name }))}
              value={chosen.contender}
              onChange={setContender}
            />
          </div>
          <ChartFigure spec={spec} />
        </>
      ) : (
        <p className="text-base text-muted">
          No packets were traced for this network and picture: they are kept only while the page is open in
          which the runs were made, and only of contenders whose packets are Shoal’s own.
        </p>
      )}
    </Section>
  )
}
