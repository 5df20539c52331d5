'use client'

import { useMemo, useState } from 'react'

import { agreementTable } from '@/lib/lab/charts/agreement'
import { comparedCells, comparisonChart, comparisonTable } from '@/lib/lab/charts/comparison'
import { networkTitles } from '@/lib/lab/charts/words'
import type { LabResults } from '@/lib/lab/results'

import { ChartFigure } from './chart-figure'
import { DataTable } from './data-table'
import { Section } from './section'
import { Select } from './select'

/** Two results beside each other, where they have the same contender, network and picture. */
export function ComparisonSection({ results, other }: { results: LabResults; other: LabResults }) {
  const [asked, setAsked] = useState<string | null>(null)
  const cells = useMemo(() => comparedCells(results, other), [results, other])
  const sameMeans = results.means === other.means
  const table = useMemo(
    () => (sameMeans ? comparisonTable(results, cells) : agreementTable(results, other)),
    [sameMeans, results, other, cells],
  )
  const places = useMemo(() => {
    const titles = networkTitles(results.experiment)
    const found = cells.map(({ network, picture }) => ({
      value: JSON.stringify([network, picture]),
      title: `${titles.get(network) ?? network}, ${picture}`,
      place: { network, picture },
    }))
    return [...new Map(found.map((each) => [each.value, each])).values()]
  }, [results.experiment, cells])
  const chosen = places.find(({ value }) => value === asked) ?? places[0]
  const spec = useMemo(
    () => chosen && comparisonChart(results, other, { cells, place: chosen.place }),
    [results, other, cells, chosen],
  )
  return (
    <Section title={sameMeans ? 'Compared with the other results' : 'How well the two means agree'}>
      {!chosen && (
        <p className="text-base text-muted">
          The two have nothing in common: no contender, network and picture are the same in both.
        </p>
      )}
      {chosen && !sameMeans && (
        <p className="mb-3 text-base">
          They were measured by different means, so each has charts of its own, and no contender of one is
          held against a contender of the other. Where both measured the same, these are the times.
        </p>
      )}
      {chosen && spec && (
        <>
          <div className="mb-5 max-w-md">
            <Select label="Network and picture" choices={places} value={chosen.value} onChange={setAsked} />
          </div>
          <ChartFigure spec={spec} />
          <h4 className="mt-6 mb-2 text-lg font-semibold">Everything that both have measured</h4>
        </>
      )}
      {chosen && <DataTable table={table} />}
    </Section>
  )
}
