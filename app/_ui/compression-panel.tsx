'use client'

import { useId, useState } from 'react'

import {
  DEFAULT_SETTINGS,
  LONGEST_SIDE_PRESETS_PX,
  ORIGINAL_SETTINGS,
  QUALITY_MIN,
} from '@/lib/image/settings'
import type { PictureSettings } from '@/lib/image/settings'

import { FIELD, LABEL } from './field'
import { Segmented } from './segmented'
import type { Segment } from './segmented'

type Compress = Extract<PictureSettings, { kind: 'compress' }>

const QUALITY_STEP = 0.05

const KINDS: readonly Segment<PictureSettings['kind']>[] = [
  { value: 'compress', title: 'Compress', text: 'A smaller copy is made here first. It arrives sooner.' },
  { value: 'original', title: 'Original', text: 'The original is sent, every byte as it is.' },
]

/** Smaller and sooner, or every byte as it is; going back to "Compress" brings the last choice back. */
export function CompressionPanel({
  settings,
  onChange,
}: {
  settings: PictureSettings
  onChange: (settings: PictureSettings) => void
}) {
  const [last, setLast] = useState(settings.kind === 'compress' ? settings : DEFAULT_SETTINGS)
  const change = (next: PictureSettings) => {
    if (next.kind === 'compress') setLast(next)
    onChange(next)
  }
  return (
    <div>
      <Segmented
        legend="Size"
        segments={KINDS}
        value={settings.kind}
        onChange={(kind) => change(kind === 'original' ? ORIGINAL_SETTINGS : last)}
      />
      {settings.kind === 'compress' && <Details settings={settings} onChange={change} />}
    </div>
  )
}

function Details({ settings, onChange }: { settings: Compress; onChange: (settings: Compress) => void }) {
  const quality = useId()
  const side = useId()
  return (
    <div className="mt-4 grid grid-cols-2 gap-4">
      <div>
        <div className="flex justify-between text-base figures">
          <label htmlFor={quality} className={LABEL}>
            Quality
          </label>
          <output htmlFor={quality}>{Math.round(settings.quality * 100)}&nbsp;%</output>
        </div>
        <input
          id={quality}
          type="range"
          className="h-12 w-full accent-accent"
          min={QUALITY_MIN}
          max={1}
          step={QUALITY_STEP}
          value={settings.quality}
          onChange={(event) => onChange({ ...settings, quality: event.target.valueAsNumber })}
        />
      </div>
      <div>
        <label htmlFor={side} className={LABEL}>
          Longest side
        </label>
        <select
          id={side}
          className={FIELD}
          value={settings.longestSidePx ?? ''}
          onChange={(event) =>
            onChange({
              ...settings,
              longestSidePx: event.target.value === '' ? null : Number(event.target.value),
            })
          }
        >
          {LONGEST_SIDE_PRESETS_PX.map((px) => (
            <option key={px} value={px}>
              {px} pixels
            </option>
          ))}
          <option value="">As it is</option>
        </select>
      </div>
    </div>
  )
}
