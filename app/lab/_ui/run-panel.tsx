'use client'

import { FlaskConical, Play, Square } from 'lucide-react'
import type { RefObject } from 'react'

import { plannedRuns } from '@/lib/lab/experiment'
import type { Experiment } from '@/lib/lab/experiment'
import type { LabState } from '@/lib/lab/lab-session'
import { markOf } from '@/lib/lab/charts/marks'
import { networkTitles } from '@/lib/lab/charts/words'

import { Button } from '../../_ui/button'

/** Starts and stops, says how far it is, and shows what the receiving end has on its screen. */
export function RunPanel({
  experiment,
  state,
  awaited,
  canvas,
  otherEnd,
  onRun,
  onSimulate,
  onStop,
}: {
  /** Null: not one that can be made. */
  experiment: Experiment | null
  state: LabState
  /** Names of pictures that are not here. */
  awaited: readonly string[]
  canvas: RefObject<HTMLCanvasElement | null>
  /** The second device that receives, if one is there; null: this page does. */
  otherEnd: { readonly browser: string | null } | null
  onRun: () => void
  onSimulate: () => void
  onStop: () => void
}) {
  const { phase, progress } = state
  const runs = experiment ? plannedRuns(experiment).length : 0
  const titles = experiment ? networkTitles(experiment) : new Map<string, string>()
  const busy = phase !== 'idle'
  const { current = null, made = 0, planned = 0 } = progress ?? {}
  const goesOn = !busy && state.missing.length === 0 && isPartOf(state, experiment, otherEnd)
  return (
    <section aria-labelledby="run-title" className="card rounded-3xl p-5 sm:p-6">
      <h2 id="run-title" className="text-xl font-semibold tracking-tight">
        Run
      </h2>
      <div className="mt-4 flex flex-wrap gap-3">
        {busy ? (
          <Button variant="danger" onClick={onStop} data-testid="lab-stop">
            <Square aria-hidden="true" />
            Stop
          </Button>
        ) : (
          <>
            <Button
              variant="primary"
              disabled={experiment === null || awaited.length > 0}
              onClick={onRun}
              data-testid="lab-run"
            >
              <Play aria-hidden="true" />
              {goesOn ? 'Go on' : `Run ${runs} ${runs === 1 ? 'time' : 'times'}`}
            </Button>
            <Button disabled={experiment === null} onClick={onSimulate} data-testid="lab-simulate">
              <FlaskConical aria-hidden="true" />
              Simulate the same
            </Button>
          </>
        )}
      </div>
      <p
        className="mt-3 min-h-6 text-base text-muted figures"
        data-testid="lab-progress"
        data-phase={phase}
        data-made={made}
        data-planned={planned}
      >
        {busy && current
          ? `${made + 1} of ${planned}: ${markOf(current.contender).name}, ${titles.get(current.network.label) ?? current.network.label}, ${current.picture.name}`
          : busy
            ? 'Getting ready…'
            : awaited.length === 0
              ? otherEnd
                ? 'Keep both pages open and in front, and close what else keeps the two devices busy.'
                : 'Both ends are this page: keep it open and in front, and close what else keeps this computer busy.'
              : `Choose the picture ${awaited.join(', ')} first.`}
      </p>
      <progress
        className={`mt-2 h-2 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent ${busy ? '' : 'hidden'}`}
        max={Math.max(1, planned)}
        value={made}
        aria-label="Runs made"
      />
      <figure className={phase === 'running' && !otherEnd ? 'mt-4' : 'hidden'}>
        <canvas
          ref={canvas}
          width={512}
          height={384}
          role="img"
          aria-label="What the receiving end has on its screen"
          className="mx-auto block h-auto max-h-[50svh] w-auto max-w-full rounded-2xl bg-sunken"
        />
        <figcaption className="mt-2 text-center text-sm text-muted">
          The receiving end’s screen, as it is now
        </figcaption>
      </figure>
    </section>
  )
}

/** Stopped half-way: the same experiment with the same receiver, of which some runs are here. */
function isPartOf(
  { results }: LabState,
  experiment: Experiment | null,
  otherEnd: { readonly browser: string | null } | null,
): boolean {
  if (!results || !experiment || results.means !== 'emulator') return false
  if ((results.receiver !== undefined) !== (otherEnd !== null)) return false
  // While no device is there, it may be the same one that comes back.
  if (otherEnd && otherEnd.browser !== null && otherEnd.browser !== results.receiver?.browser) return false
  const isSame = JSON.stringify(results.experiment) === JSON.stringify(experiment)
  return isSame && results.runs.length > 0 && results.runs.length < plannedRuns(experiment).length
}
