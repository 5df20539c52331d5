'use client'

import { useMemo } from 'react'

import { networkTitles } from '@/lib/lab/charts/words'
import type { LabResults } from '@/lib/lab/results'
import { verdicts } from '@/lib/lab/verdict'
import type { Verdict } from '@/lib/lab/verdict'

/** So many are read at once; the rest waits. */
const OPEN_MAX = 4

/** What the data say in plain words, for each network and picture. */
export function VerdictList({ results }: { results: LabResults }) {
  const all = useMemo(() => verdicts(results), [results])
  const titles = useMemo(() => networkTitles(results.experiment), [results.experiment])
  const rest = all.slice(OPEN_MAX)
  const list = (shown: readonly Verdict[]) => (
    <ul className="grid gap-4 @2xl:grid-cols-2">
      {shown.map(({ network, picture, sentences }) => (
        <li key={JSON.stringify([network, picture])} className="rounded-2xl bg-sunken p-4">
          <h4 className="font-semibold [overflow-wrap:anywhere]">
            {titles.get(network) ?? network}: {picture}
          </h4>
          <ul className="mt-1 list-disc space-y-1 pl-5 text-base marker:text-muted">
            {sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
            {sentences.length === 0 && (
              <li>Every run was exact; there are too few of them to call one contender the faster.</li>
            )}
          </ul>
        </li>
      ))}
    </ul>
  )
  return (
    <>
      {list(all.slice(0, OPEN_MAX))}
      {rest.length > 0 && (
        <details className="mt-3">
          <summary className="inline-flex min-h-11 items-center rounded-xl px-1 text-base text-muted hover:text-ink">
            {rest.length === 1 ? 'One more' : `${rest.length} more networks and pictures`}
          </summary>
          <div className="mt-2">{list(rest)}</div>
        </details>
      )}
    </>
  )
}
