'use client'

import type { Mark } from '@/lib/lab/charts/marks'
import { colourOf } from '@/lib/lab/charts/marks'

import { DARK, useMedia } from './use-media'

const WIDTH = 40
const HEIGHT = 12

/** How a contender is drawn: its line and its point. */
export function Swatch({ mark }: { mark: Mark }) {
  const dark = useMedia(DARK)
  const colour = colourOf(mark, { dark })
  return (
    <svg
      viewBox={mark.dash ? `0 0 ${WIDTH} ${HEIGHT}` : `14 0 ${HEIGHT} ${HEIGHT}`}
      className={mark.dash ? 'h-3 w-10 shrink-0' : 'h-3 w-3 shrink-0'}
      aria-hidden="true"
    >
      {mark.dash && (
        <line
          x1={0}
          y1={HEIGHT / 2}
          x2={WIDTH}
          y2={HEIGHT / 2}
          stroke={colour}
          strokeWidth={2}
          strokeDasharray={mark.dash.join(' ')}
        />
      )}
      <path d={mark.shape} fill={colour} transform={`translate(${WIDTH / 2 - 5} ${HEIGHT / 2 - 5})`} />
    </svg>
  )
}

export function Legend({ marks }: { marks: readonly Mark[] }) {
  if (marks.length === 0) return null
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-5 gap-y-1.5 text-base">
      {marks.map((mark) => (
        <li key={mark.name} className="flex items-center gap-2">
          <Swatch mark={mark} />
          {mark.name}
        </li>
      ))}
    </ul>
  )
}
