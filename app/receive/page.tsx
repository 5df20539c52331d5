import type { Metadata } from 'next'

import { pathChoiceOf } from '../_ui/path-choice'
import { firstOf } from '../_ui/query'
import type { Query } from '../_ui/query'
import { ReceivePage } from './_ui/receive-page'

export const metadata: Metadata = { title: 'Receive' }

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams
  return (
    <ReceivePage name={firstOf(query['name'])} room={firstOf(query['room'])} paths={pathChoiceOf(query)} />
  )
}
