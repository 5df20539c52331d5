'use client'

import { FileUp, GitCompareArrows, RotateCcw, Settings2 } from 'lucide-react'
import { useRef } from 'react'
import type { ReactNode } from 'react'

import type { Experiment } from '@/lib/lab/experiment'
import type { LabState } from '@/lib/lab/lab-session'
import { RESULTS_MAX_BYTES } from '@/lib/lab/results'

import { Button } from '../../_ui/button'
import { Reading } from './reading/reading'

/** What was found, here or elsewhere: files are opened and held beside each other. */
export function ResultsPanel({
  state,
  onLoad,
  onClear,
  onExperiment,
}: {
  state: LabState
  /** The text of a file; null: it was too large to be one of ours. */
  onLoad: (text: string | null, beside: boolean) => void
  onClear: () => void
  onExperiment: (experiment: Experiment) => void
}) {
  const { simulated, phase } = state
  const measured = state.results?.runs.length ? state.results : null
  const shown = measured ?? simulated
  const other = state.other ?? (measured ? simulated : null)
  const idle = phase === 'idle'
  return (
    <section aria-labelledby="results-title" className="mt-8">
      <h2 id="results-title" className="text-2xl font-bold tracking-tight">
        Results
      </h2>
      {idle && (
        <div className="mt-4 flex flex-wrap gap-3">
          <OpenFile onText={(text) => onLoad(text, false)} testId="lab-open">
            <FileUp aria-hidden="true" />
            Open results
          </OpenFile>
          {shown && (
            <>
              <OpenFile onText={(text) => onLoad(text, true)} testId="lab-compare">
                <GitCompareArrows aria-hidden="true" />
                Compare with a file
              </OpenFile>
              <Button onClick={() => onExperiment(shown.experiment)}>
                <Settings2 aria-hidden="true" />
                Use its experiment
              </Button>
              <Button variant="quiet" onClick={onClear}>
                <RotateCcw aria-hidden="true" />
                Clear
              </Button>
            </>
          )}
        </div>
      )}
      <div className="mt-4" data-testid="lab-results" data-runs={shown?.runs.length ?? 0}>
        {!idle ? (
          <p className="card rounded-3xl p-5 text-muted">
            Drawn when the runs are over or stopped: drawing now would slow down what is measured.
          </p>
        ) : shown ? (
          <Reading results={shown} traces={state.traces} other={other} />
        ) : (
          <p className="card rounded-3xl p-5 text-muted">
            Nothing yet. Run the experiment above, or open a file of results; those of{' '}
            <code>npm run bench:link</code>, where TCP is measured on a real kernel, can be opened here too.
          </p>
        )}
      </div>
    </section>
  )
}

/** A button that opens the dialog for one file. */
function OpenFile({
  children,
  onText,
  testId,
}: {
  children: ReactNode
  onText: (text: string | null) => void
  testId: string
}) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button onClick={() => input.current?.click()}>{children}</Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        data-testid={testId}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          // The same file may be chosen again.
          currentTarget.value = ''
          if (!file) return
          if (file.size > RESULTS_MAX_BYTES) onText(null)
          else
            void file.text().then(onText, () => {
              onText(null)
            })
        }}
      />
    </>
  )
}
