'use client'

import { ChevronDown } from 'lucide-react'

import type { Assurance } from '@/lib/react/member-words'
import type { SafetyView } from '@/lib/room/types'

import { Button } from '../../_ui/button'

/** Seven signs that are the same on both screens, unless someone stands between. Open where they are needed. */
export function SafetyWords({
  name,
  safety,
  assurance,
  onCompare,
}: {
  name: string
  safety: SafetyView
  assurance: Assurance
  onCompare: (same: boolean) => void
}) {
  const { words } = safety
  const verified = assurance === 'compared' || assurance === 'link'
  return (
    <details className="group mt-1 pl-14" open={!verified}>
      <summary className="flex min-h-9 list-none items-center gap-1 rounded-lg text-sm text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        Safety words
        <span className="sr-only"> with {name}</span>
        <ChevronDown aria-hidden="true" className="size-4 transition-transform group-open:rotate-180" />
      </summary>
      <div data-testid="safety-words" data-verified={verified}>
        {words ? (
          <ol className="flex flex-wrap gap-1">
            {words.map((word, index) => (
              <li key={index} className="flex items-center gap-1 rounded-lg bg-sunken px-1.5 py-0.5 text-sm">
                <span aria-hidden="true" className="text-lg leading-tight">
                  {word.emoji}
                </span>
                {word.name}
              </li>
            ))}
          </ol>
        ) : safety.failed ? (
          <p className="text-sm text-danger">
            This was broken off: what came in {name}’s name did not fit. Somebody may stand between you.
          </p>
        ) : (
          <p className="text-sm text-muted">They appear once both pages have agreed on them.</p>
        )}
      </div>
      {!words && safety.failed && (
        <Button className="mt-2 min-h-11 px-3" onClick={() => onCompare(false)}>
          Try again
        </Button>
      )}
      {words && (
        <>
          <p className="mt-2 text-sm text-muted">
            {safety.compared
              ? `You compared them. ${name}’s device is known now, also in other rooms.`
              : `Does ${name}’s screen show the same, in this order? Ask by voice or look.`}
          </p>
          <div className="mt-2 flex flex-wrap gap-2">
            {!safety.compared && (
              <Button data-testid="verify" className="min-h-11 px-3" onClick={() => onCompare(true)}>
                They match
              </Button>
            )}
            <Button variant="danger" className="min-h-11 px-3" onClick={() => onCompare(false)}>
              They differ
            </Button>
          </div>
        </>
      )}
    </details>
  )
}
