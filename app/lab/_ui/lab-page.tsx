'use client'

import { useEffect, useMemo, useRef, useState } from 'react'

import { loadPicture } from '@/lib/lab/bench/load-picture'
import type { MeasuredPicture } from '@/lib/lab/bench/carriage'
import { decodeExperiment } from '@/lib/lab/experiment-link'
import type { Experiment } from '@/lib/lab/experiment'
import { formatResults } from '@/lib/lab/results'
import { LabSession } from '@/lib/lab/lab-session'
import { useStoreInSlices } from '@/lib/react/use-store'

import { ErrorNotice } from '../../_ui/notice'
import { RunPanel } from './run-panel'

export function LabPage({ shoal }: { shoal: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const session = useMemo(
    () =>
      new LabSession({
        shoal,
        browser: typeof navigator === 'undefined' ? '' : navigator.userAgent,
        canvas: () => canvas.current,
      }),
    [shoal],
  )
  const state = useStoreInSlices(session)
  const [experiment, setExperiment] = useState<Experiment | null>(null)
  const [pictures, setPictures] = useState<readonly MeasuredPicture[]>([])
  useEffect(() => {
    setExperiment(decodeExperiment(location.hash.slice(1)))
  }, [])
  useEffect(() => () => session.close(), [session])
  const byName = useMemo(() => new Map(pictures.map((picture) => [picture.name, picture])), [pictures])
  const ready =
    experiment?.pictures.every(({ name, bytes }) => byName.get(name)?.bytes.length === bytes) ?? false
  return (
    <main id="content" className="mx-auto w-full max-w-6xl px-4 pt-6 pb-16 sm:px-6">
      <h1 className="text-3xl font-bold tracking-tight">Lab</h1>
      {state.errorCode && <ErrorNotice code={state.errorCode} />}
      <input
        type="file"
        data-testid="lab-pictures"
        onChange={(event) => {
          const [file] = Array.from(event.target.files ?? [])
          if (!file) return
          void loadPicture(new AbortController().signal, file).then((picture) =>
            setPictures((before) => [...before, picture]),
          )
        }}
      />
      <RunPanel
        experiment={experiment}
        state={state}
        ready={ready}
        canvas={canvas}
        onRun={() => experiment && void session.run(experiment, byName)}
        onSimulate={() => experiment && void session.simulate(experiment)}
        onStop={() => session.stop()}
      />
      {state.results && (
        <pre data-testid="lab-json" className="hidden">
          {formatResults(state.results)}
        </pre>
      )}
    </main>
  )
}
