'use client'

import { useMemo } from 'react'

import { comparedResults } from '@/lib/lab/charts/comparison'
import type { LabResults } from '@/lib/lab/results'

import { ChartFigure } from './chart-figure'
import { DataTable } from './data-table'
import { Section } from './section'

/** Two results beside each other, where they have the same contender, network and picture. */
export function ComparisonSection({ results, other }: { results: LabResults; other: LabResults }) {
  const compared = useMemo(() => comparedResults(results, other), [results, other])
  const sameMeans = results.means === other.means
  return (
    <Section title={sameMeans ? 'Compared with the other results' : 'How well the two means agree'}>
      {!compared && (
        <p className="text-base text-muted">
          The two have nothing in common: no contender, network and picture are the same in both.
        </p>
      )}
      {compared?.spec && <ChartFigure spec={compared.spec} />}
      {compared && !compared.spec && (
        <>
          <p className="mb-3 text-base">
            They were measured by different means, so each has charts of its own, and no contender of one is
            held against a contender of the other. Where both measured the same, these are the times.
          </p>
          <DataTable table={compared.table} />
        </>
      )}
    </Section>
  )
}
