import type { Metadata } from 'next'

import { firstOf } from '../../_ui/query'
import type { Query } from '../../_ui/query'
import { EndPage } from './_ui/end-page'

export const metadata: Metadata = { title: 'The lab’s receiving end' }

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams
  return <EndPage room={firstOf(query['room'])} name={firstOf(query['name'])} />
}
