'use client'

import { useMemo, useState } from 'react'

import type { Place } from '@/lib/lab/charts/cells'
import { traceAt } from '@/lib/lab/charts/cells'
import { markOf } from '@/lib/lab/charts/marks'
import { pointAt } from '@/lib/lab/charts/quality'
import type { Quality } from '@/lib/lab/charts/quality'
import { qualityCurves, qualityWord, QUALITY_WORDS } from '@/lib/lab/charts/quality-chart'
import { duration } from '@/lib/lab/charts/words'
import type { Contender } from '@/lib/lab/experiment'
import type { LabResults } from '@/lib/lab/results'
import type { RunTrace } from '@/lib/lab/traces'

import { Segmented } from '../../../_ui/segmented'
import { ChartFigure } from './chart-figure'
import { FrameCard } from './frame-card'
import { Section } from './section'

const STEPS = 200

/** Quality over time, and what was on the screen at the time that is pointed at. */
export function QualitySection({
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
  const [quality, setQuality] = useState<Quality>('ssim')
  const [lines, setLines] = useState<'band' | 'every'>('band')
  const [askedMs, setAskedMs] = useState<number | null>(null)
  const chart = useMemo(
    () => qualityCurves(results, place, { quality, every: lines === 'every', contenders }),
    [results, place, quality, lines, contenders],
  )
  if (!chart) {
    return (
      <Section title="Quality over time">
        <p className="text-base text-muted">
          The quality was not measured here: the lab does that in its own pages, over the emulator.
        </p>
      </Section>
    )
  }
  const { spec, untilMs, curves } = chart
  const ms = Math.min(askedMs ?? untilMs / 2, untilMs)
  const shown = [...curves].map(([contender, curve]) => ({
    contender,
    point: pointAt(curve, ms),
    seen: traceAt(results, traces, place, contender),
  }))
  const hasFrames = shown.some(({ seen }) => seen !== null && seen.trace.frames.length > 0)
  return (
    <Section title="Quality over time">
      <div className="mb-5 grid gap-4 @xl:grid-cols-2">
        <Segmented<Quality>
          legend="Measure"
          value={quality}
          onChange={setQuality}
          segments={[
            { value: 'ssim', title: 'SSIM', text: QUALITY_WORDS.ssim.note },
            { value: 'psnrDb', title: 'PSNR', text: QUALITY_WORDS.psnrDb.note },
          ]}
        />
        <Segmented
          legend="Runs"
          value={lines}
          onChange={setLines}
          segments={[
            {
              value: 'band',
              title: 'Median',
              text: 'The middle of the runs and 80 of 100 of them.',
            },
            {
              value: 'every',
              title: 'Every run',
              text: 'Each run as a thin line, their middle as a thick one.',
            },
          ]}
        />
      </div>
      <ChartFigure spec={spec} cursor={ms} onPointer={(value) => setAskedMs(Math.max(0, value))}>
        <div className="mt-4">
          <label className="block text-base font-medium">
            What was on the screen {duration(ms)} after the send
            <input
              type="range"
              min={0}
              max={untilMs}
              step={untilMs / STEPS}
              value={ms}
              aria-valuetext={duration(ms)}
              onChange={({ target }) => setAskedMs(target.valueAsNumber)}
              className="mt-1 block h-11 w-full accent-accent"
            />
          </label>
          {!hasFrames && (
            <p className="mb-3 text-base text-muted">
              There are no pictures to show with it: they are kept only while the page is open in which the
              runs were made, and a file does not hold them.
            </p>
          )}
          <ul className="grid grid-cols-2 gap-3 @xl:grid-cols-[repeat(auto-fill,minmax(11.5rem,1fr))]">
            {shown.map(({ contender, point, seen }) => (
              <FrameCard
                key={contender}
                mark={markOf(contender)}
                ms={ms}
                word={
                  point
                    ? `${quality === 'ssim' ? 'SSIM' : 'PSNR'} ${qualityWord(quality, point.middle)}`
                    : 'nothing yet'
                }
                seen={hasFrames ? seen : undefined}
              />
            ))}
          </ul>
        </div>
      </ChartFigure>
    </Section>
  )
}
