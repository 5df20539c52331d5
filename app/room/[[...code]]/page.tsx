import type { Metadata, Viewport } from 'next'

import { pathChoiceOf } from '../../_ui/path-choice'
import { lanesOf, modeOf } from '../../_ui/sending-choice'
import { firstOf } from '../../_ui/query'
import type { Query } from '../../_ui/query'
import { RoomPage } from '../_ui/room-page'

export const metadata: Metadata = { title: 'Room' }

// The input box stays above the keyboard of a phone; Safari, which does not know this, is told by a script.
export const viewport: Viewport = { interactiveWidget: 'resizes-content' }

/** `/room` to open or pick one, `/room/CODE` to be in it. */
export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ code?: string[] }>
  searchParams: Promise<Query>
}) {
  const [{ code }, query] = [await params, await searchParams]
  return (
    <RoomPage
      code={code === undefined ? firstOf(query['room']) : decoded(code.join('/'))}
      name={firstOf(query['name'])}
      mode={modeOf(query)}
      lanes={lanesOf(query)}
      paths={pathChoiceOf(query)}
      compress={firstOf(query['compress']) !== 'off'}
    />
  )
}

/** What a person typed after `/room/`, also where it is no proper encoding: then it is no code either. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
