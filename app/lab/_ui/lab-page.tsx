'use client'

import { useEffect, useMemo, useRef, useState } from 'react'

import { LAB_RUN_EVENT } from '@/lib/lab/automation'
import { canEmulate } from '@/lib/lab/bench/ways'
import { DEFAULT_EXPERIMENT } from '@/lib/lab/defaults'
import { experimentSchema } from '@/lib/lab/experiment'
import type { Experiment } from '@/lib/lab/experiment'
import { decodeExperiment } from '@/lib/lab/experiment-link'
import { LabSession } from '@/lib/lab/lab-session'
import { fileOf, missingPictures } from '@/lib/lab/pictures'
import type { LabPicture } from '@/lib/lab/pictures'
import { useStoreInSlices } from '@/lib/react/use-store'

import { ErrorNotice } from '../../_ui/notice'
import { ResultsPanel } from './results-panel'
import { OtherEnd } from './other-end'
import type { EndChoice } from './other-end'
import { RunPanel } from './run-panel'
import { Setup } from './setup/setup'
import { useSecondDevice } from './use-second-device'

/** Sets an experiment up, makes it, and shows what it gave. With an experiment in the fragment it opens with that. */
export function LabPage({ shoal }: { shoal: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [session] = useState(() => new LabSession({ shoal }))
  const state = useStoreInSlices(session)
  const [experiment, setExperiment] = useState<Experiment>(DEFAULT_EXPERIMENT)
  const [endChoice, setEndChoice] = useState<EndChoice>('page')
  const { room, device, deviceState } = useSecondDevice(endChoice === 'device')
  const [pictures, setPictures] = useState<readonly LabPicture[]>([])

  useEffect(() => {
    const open = () => {
      const linked = decodeExperiment(location.hash.slice(1))
      if (linked) setExperiment(linked)
    }
    open()
    window.addEventListener('hashchange', open)
    return () => window.removeEventListener('hashchange', open)
  }, [])
  useEffect(() => () => session.close(), [session])
  useEffect(
    () =>
      session.onRun((run) => {
        window.dispatchEvent(new CustomEvent(LAB_RUN_EVENT, { detail: run }))
      }),
    [session],
  )

  const possible = useMemo(() => experimentSchema.safeParse(experiment).data ?? null, [experiment])
  const awaited = possible ? missingPictures(possible, pictures).map(({ name }) => name) : []
  const run = () => {
    if (!possible) return
    const files = possible.pictures.flatMap((named) => fileOf(pictures, named)?.file ?? [])
    void session.run(possible, files, endChoice === 'page' ? { canvas: canvas.current } : { device })
  }

  return (
    <main id="content" className="mx-auto w-full max-w-6xl px-4 pt-6 pb-16 sm:px-6">
      <h1 className="text-3xl font-bold tracking-tight sm:text-4xl">Lab</h1>
      <p className="mt-2 mb-6 max-w-3xl text-lg text-muted">
        Which way of sending a picture is best, on which network? This page sends it to itself or to a second
        device, over a network that our server makes bad on purpose, and measures what the receiving end has
        on its screen.
      </p>
      <Setup
        experiment={experiment}
        onChange={setExperiment}
        pictures={pictures}
        onPictures={setPictures}
        canMeasure={canEmulate}
        disabled={state.phase !== 'idle'}
      />
      <div className="mt-4 space-y-4 lg:mt-6">
        <OtherEnd
          choice={endChoice}
          onChange={setEndChoice}
          room={room}
          device={deviceState.device}
          disabled={state.phase !== 'idle'}
        />
        <RunPanel
          experiment={possible}
          state={state}
          awaited={awaited}
          canvas={canvas}
          otherEnd={endChoice === 'page' ? null : { browser: deviceState.device?.browser ?? null }}
          onRun={run}
          onSimulate={() => possible && void session.simulate(possible)}
          onStop={() => session.stop()}
        />
        <div role="status" data-testid="lab-error">
          {state.errorCode && <ErrorNotice code={state.errorCode} />}
        </div>
      </div>
      <ResultsPanel
        state={state}
        onLoad={(text, beside) => session.load(text ?? '', beside)}
        onClear={() => session.clear()}
        onExperiment={setExperiment}
      />
    </main>
  )
}
