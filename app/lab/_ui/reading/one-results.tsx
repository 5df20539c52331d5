'use client'

import { Download } from 'lucide-react'
import { useMemo, useState } from 'react'

import { placesOf } from '@/lib/lab/charts/cells'
import type { Place } from '@/lib/lab/charts/cells'
import { summaryTable } from '@/lib/lab/charts/summary'
import { MEANS_NAMES, MEANS_WORDS, receiverWords } from '@/lib/lab/charts/words'
import { resultsToCsv } from '@/lib/lab/csv'
import type { Contender } from '@/lib/lab/experiment'
import { formatResults } from '@/lib/lab/results'
import type { LabResults } from '@/lib/lab/results'
import type { RunTrace } from '@/lib/lab/traces'
import { saveBlob } from '@/lib/react/save-text'

import { Button } from '../../../_ui/button'
import { Choices } from './choices'
import { DataTable } from './data-table'
import { MatrixSection } from './matrix-section'
import { PacketsSection } from './packets-section'
import { QualitySection } from './quality-section'
import { fileNameOf } from './file-name'
import { Section } from './section'
import { TimeSection } from './time-section'
import { VerdictList } from './verdict-list'

/** Everything that one file of results says; all of its runs are by the same means. */
export function OneResults({
  results,
  traces,
}: {
  results: LabResults
  traces: ReadonlyMap<string, RunTrace>
}) {
  const places = useMemo(() => placesOf(results), [results])
  const [asked, setPlace] = useState<Place | null>(null)
  const [hidden, setHidden] = useState<ReadonlySet<Contender>>(new Set())
  const place = useMemo(
    () =>
      places.find(({ network, picture }) => network === asked?.network && picture === asked.picture) ??
      places.find(({ network }) => network === asked?.network) ??
      places[0],
    [places, asked],
  )
  const contenders = useMemo(
    () => results.experiment.contenders.filter((contender) => !hidden.has(contender)),
    [results.experiment, hidden],
  )
  const summary = useMemo(
    () => place && summaryTable(results, place, contenders),
    [results, place, contenders],
  )
  if (!place) return <NoRuns />
  return (
    <div className="min-w-0 space-y-4">
      <Section title="What the runs say">
        <Origin results={results} />
        <VerdictList results={results} />
      </Section>
      <Section title="What the charts show">
        <Choices
          results={results}
          places={places}
          place={place}
          onPlace={setPlace}
          hidden={hidden}
          onHidden={setHidden}
        />
      </Section>
      <QualitySection results={results} traces={traces} place={place} contenders={contenders} />
      <TimeSection results={results} picture={place.picture} contenders={contenders} />
      <MatrixSection results={results} picture={place.picture} contenders={contenders} />
      <PacketsSection results={results} traces={traces} place={place} contenders={contenders} />
      {summary && (
        <Section title="All measures">
          <p className="mb-3 text-base text-muted">{summary.caption.replace(/^All measures: /, '')}</p>
          <DataTable table={summary} whole />
        </Section>
      )}
    </div>
  )
}

export function NoRuns() {
  return (
    <Section title="No runs yet">
      <p className="text-base text-muted">
        When an experiment has made its first runs, or a file of results has been opened, what they say stands
        here: in words, in charts and in tables.
      </p>
    </Section>
  )
}

/** Where the numbers come from, and the files they can be taken away in. */
function Origin({ results }: { results: LabResults }) {
  const { means, runs, experiment, shoal, browser } = results
  const name = `${MEANS_NAMES[means]} ${experiment.seed}`
  return (
    <div className="mb-4 space-y-3">
      <p className="text-base text-muted">
        {runs.length} {runs.length === 1 ? 'run' : 'runs'} by {MEANS_WORDS[means]}. Connections were{' '}
        {experiment.start === 'warm' ? 'warm: they had carried a picture before' : 'cold: each was new'}. A
        run had {experiment.deadlineMs / 1000} s to end; one that did not counts as slower than all others.
        Seed {experiment.seed}; Shoal {shoal}; {browser}.{' '}
        <span data-testid="lab-receiver">{receiverWords(results)}</span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          className="px-4!"
          aria-label={`Save the results as JSON: ${MEANS_NAMES[means]}`}
          onClick={() =>
            saveBlob(
              fileNameOf(name, 'json'),
              new Blob([formatResults(results)], { type: 'application/json' }),
            )
          }
        >
          <Download aria-hidden="true" />
          JSON
        </Button>
        <Button
          className="px-4!"
          aria-label={`Save the results as CSV: ${MEANS_NAMES[means]}`}
          onClick={() =>
            saveBlob(fileNameOf(name, 'csv'), new Blob([resultsToCsv(results)], { type: 'text/csv' }))
          }
        >
          <Download aria-hidden="true" />
          CSV
        </Button>
      </div>
    </div>
  )
}
