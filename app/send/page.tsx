import type { Metadata } from 'next'

import type { TransferMode } from '@/lib/protocol/report'

import { pathChoiceOf } from '../_ui/path-choice'
import { firstOf } from '../_ui/query'
import type { Query } from '../_ui/query'
import { SendPage } from './_ui/send-page'

export const metadata: Metadata = { title: 'Send' }

const MODES: readonly TransferMode[] = ['classic', 'repair', 'assured']

function modeOf(value: string | null): TransferMode {
  return MODES.find((mode) => mode === value) ?? 'assured'
}

/** At most so many lanes; null for as many as the path wants. */
function lanesOf(value: string | null): number | null {
  return value !== null && /^\d{1,2}$/.test(value) ? Number(value) : null
}

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams
  return (
    <SendPage
      name={firstOf(query['name'])}
      room={firstOf(query['room'])}
      mode={modeOf(firstOf(query['mode']))}
      lanes={lanesOf(firstOf(query['lanes']))}
      paths={pathChoiceOf(query)}
      compress={firstOf(query['compress']) !== 'off'}
    />
  )
}
