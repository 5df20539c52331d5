'use client'

import type { ReactNode } from 'react'
import { useContext, useId } from 'react'

import { Owner } from './owner'

/** A part of the reading under a heading of its own. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  const owner = useContext(Owner)
  return (
    <section aria-labelledby={id} className="@container min-w-0 card p-4 sm:p-6">
      <h3 id={id} className="mb-3 text-xl font-semibold tracking-tight">
        {title}
        {owner !== null && <span className="block text-base font-normal text-muted">{owner}</span>}
      </h3>
      {children}
    </section>
  )
}
