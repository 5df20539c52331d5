'use client'

import { ArrowDownToLine, ChevronDown } from 'lucide-react'
import { memo, useRef, useState } from 'react'

import { formatCount } from '@/lib/react/format'
import type { LineWindow } from '@/lib/react/line-window'
import { LINE_PX, windowFromEnd } from '@/lib/react/line-window'
import type { PacketLog } from '@/lib/transfer/packet-log'

/** Closer to the end than this counts as being there. */
const TAIL_SLACK_LINES = 2

/** The printed stream: one line a packet, as it came in. Only the lines in view exist. */
export const PacketStream = memo(function PacketStream({ log, length }: { log: PacketLog; length: number }) {
  const [open, setOpen] = useState(true)
  return (
    <section aria-label="Packets as they arrived" className="mt-5 spared-off-screen">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-11 w-full items-center gap-2 rounded-xl text-left text-base text-muted hover:text-ink"
      >
        <ChevronDown
          aria-hidden="true"
          className={`size-5 transition-transform ${open ? 'rotate-180' : ''}`}
        />
        <span className="figures">Packets as they arrived: {formatCount(length)}</span>
      </button>
      {open && <Lines log={log} length={length} />}
    </section>
  )
})

/**
 * The box is laid out from its end (column-reverse), so that the browser itself keeps the newest line in view:
 * a scroll position set by script would cost a second layout of the page for each showing. Who scrolls up
 * reads the lines there were at that moment, unmoved, until back at the end.
 */
function Lines({ log, length }: { log: PacketLog; length: number }) {
  const viewport = useRef<HTMLDivElement>(null)
  const [heldLength, setHeldLength] = useState<number | null>(null)
  const [linesBelow, setLinesBelow] = useState(0)
  const shown = heldLength ?? length

  return (
    <div className="relative">
      <div
        ref={viewport}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="One line a packet, newest last"
        onScroll={(event) => {
          // Counted from the end, so 0 there and negative above it.
          const below = Math.floor(Math.max(0, -event.currentTarget.scrollTop) / LINE_PX)
          setLinesBelow(below)
          setHeldLength((held) => (below < TAIL_SLACK_LINES ? null : (held ?? length)))
        }}
        className="flex h-60 flex-col-reverse overflow-auto overscroll-contain rounded-2xl bg-sunken py-2 font-mono text-xs contain-strict [overflow-anchor:none] sm:text-sm"
      >
        <div className="min-w-max shrink-0" style={{ height: shown * LINE_PX }}>
          <Window log={log} window={windowFromEnd(shown, linesBelow)} />
        </div>
      </div>
      {heldLength !== null && (
        <button
          type="button"
          onClick={() => {
            if (viewport.current) viewport.current.scrollTop = 0
          }}
          className="absolute right-3 bottom-3 flex min-h-11 items-center gap-2 rounded-full bg-accent px-4 text-base font-semibold text-on-accent shadow-card"
        >
          <ArrowDownToLine aria-hidden="true" className="size-5" />
          Jump to newest
        </button>
      )}
    </div>
  )
}

/**
 * Places, not packets, are the keys: most lines are others at each showing, and only their text changes. Columns are
 * made by spaces: boxes would be laid out anew each time.
 */
function Window({ log, window: { first, count } }: { log: PacketLog; window: LineWindow }) {
  return (
    <div style={{ transform: `translateY(${first * LINE_PX}px)` }}>
      {Array.from({ length: count }, (_, place) => (
        <Line key={place} log={log} index={first + place} />
      ))}
    </div>
  )
}

function Line({ log, index }: { log: PacketLog; index: number }) {
  const line = log.line(index)
  if (!line) return null
  return (
    <div className="px-3 leading-6 whitespace-pre sm:px-4" style={{ height: LINE_PX }}>
      <span className="text-accent-ink">{`#${formatCount(line.packetNumber)}`.padEnd(9)}</span>
      <span className="max-sm:hidden">{`chunk ${formatCount(line.chunkIndex)}`.padEnd(16)}</span>
      {`${formatCount(line.size)} B`.padStart(7)}
      <span className="text-muted sm:pl-4">{` total ${formatCount(line.total)} B`}</span>
    </div>
  )
}
