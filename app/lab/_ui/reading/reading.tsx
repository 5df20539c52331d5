'use client'

import { useDeferredValue } from 'react'

import { MEANS_NAMES } from '@/lib/lab/charts/words'
import type { LabResults } from '@/lib/lab/results'
import type { RunTrace } from '@/lib/lab/traces'

import { ComparisonSection } from './comparison-section'
import { NoRuns, OneResults } from './one-results'
import { Owner } from './owner'

const NO_TRACES: ReadonlyMap<string, RunTrace> = new Map()

/**
 * What an experiment found. `other`: results to hold beside these. Of the same means they are compared; of different
 * means each keeps charts of its own.
 */
export function Reading({
  results,
  traces,
  other,
}: {
  results: LabResults
  /** By the key of the run; empty for results from a file. */
  traces: ReadonlyMap<string, RunTrace>
  other: LabResults | null
}) {
  // While runs are made, the page measures: drawing gives way to that.
  const shown = useDeferredValue(results)
  const beside = useDeferredValue(other)
  if (shown.runs.length === 0) return <NoRuns />
  if (!beside || beside.runs.length === 0) return <OneResults results={shown} traces={traces} />
  if (beside.means === shown.means) {
    return (
      <div className="space-y-4">
        <ComparisonSection results={shown} other={beside} />
        <OneResults results={shown} traces={traces} />
      </div>
    )
  }
  return (
    <div className="space-y-4">
      <div className="grid grid-cols-1 items-start gap-x-4 gap-y-8 lg:grid-cols-2">
        <section aria-label={MEANS_NAMES[shown.means]} className="min-w-0">
          <Owner value={MEANS_NAMES[shown.means]}>
            <OneResults results={shown} traces={traces} />
          </Owner>
        </section>
        <section aria-label={MEANS_NAMES[beside.means]} className="min-w-0">
          <Owner value={MEANS_NAMES[beside.means]}>
            <OneResults results={beside} traces={NO_TRACES} />
          </Owner>
        </section>
      </div>
      <ComparisonSection results={shown} other={beside} />
    </div>
  )
}
