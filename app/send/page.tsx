import type { Metadata } from 'next'

import { pathChoiceOf } from '../_ui/path-choice'
import { firstOf } from '../_ui/query'
import type { Query } from '../_ui/query'
import { lanesOf, modeOf } from '../_ui/sending-choice'
import { SendPage } from './_ui/send-page'

export const metadata: Metadata = { title: 'Send' }

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams
  return (
    <SendPage
      name={firstOf(query['name'])}
      room={firstOf(query['room'])}
      mode={modeOf(query)}
      lanes={lanesOf(query)}
      paths={pathChoiceOf(query)}
      compress={firstOf(query['compress']) !== 'off'}
    />
  )
}
