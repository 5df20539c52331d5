'use client'

import { useCallback, useEffect, useMemo, useState } from 'react'
import { createStore } from 'zustand/vanilla'

import type { TransferMode } from '@/lib/protocol/report'
import { showRoomInAddress } from '@/lib/react/address-bar'
import { bindLinkSecret, reloadOnNewSecret } from '@/lib/react/link-secret'
import { myRooms } from '@/lib/react/my-rooms'
import { memberStatus } from '@/lib/react/page-status'
import { takeRoomFacts } from '@/lib/react/room-facts'
import { cleanTitle, PLAIN_ROOM } from '@/lib/react/room-link'
import type { RoomFacts } from '@/lib/react/room-link'
import { NOTHING_FINISHED, traceFinished } from '@/lib/react/transfer-choice'
import { rememberedName } from '@/lib/react/use-remembered-name'
import { useRoomNotices } from '@/lib/react/use-room-notices'
import { useRoomSession } from '@/lib/react/use-room-session'
import { useRoomTitle } from '@/lib/react/use-room-title'
import { useStore, useStoreInSlices } from '@/lib/react/use-store'
import type { PathChoice } from '@/lib/room/types'

import { StatusLine } from '../../_ui/status-line'
import { Entry } from './entry'
import { RoomView } from './room-view'

/** A room with chat. With a code in the address it joins by itself, with a name alone it opens a room. */
export function RoomPage({
  code: invited,
  name,
  mode,
  lanes,
  paths,
  compress,
}: {
  code: string | null
  name: string | null
  mode: TransferMode
  lanes: number | null
  paths: PathChoice
  compress: boolean
}) {
  const session = useRoomSession('member', paths)
  const room = useStoreInSlices(session)
  const [place] = useState(() =>
    createStore<{ facts: RoomFacts; askedName: string }>(() => ({ facts: PLAIN_ROOM, askedName: '' })),
  )
  const { facts: invitation, askedName } = useStore(place)
  // The link's title comes from who invited; the server's is for who came by the code.
  const title = invitation.title || (room.title ?? '')
  const facts = useMemo<RoomFacts>(
    () => ({ title: cleanTitle(title), verifiedOnly: invitation.verifiedOnly || room.verifiedOnly }),
    [title, invitation.verifiedOnly, room.verifiedOnly],
  )
  const [asked, setAsked] = useState(invited)
  const [trace, setTrace] = useState(NOTHING_FINISHED)
  const nextTrace = traceFinished(trace, room.transfers)
  if (nextTrace !== trace) setTrace(nextTrace)

  const open = useCallback(
    (as: string, wanted: RoomFacts) => {
      place.setState({ facts: wanted, askedName: as })
      session.open({
        name: as,
        verifiedOnly: wanted.verifiedOnly,
        ...(wanted.title !== '' && { title: wanted.title }),
      })
    },
    [session, place],
  )
  const join = useCallback(
    async (code: string, as: string) => {
      const known = await takeRoomFacts(code)
      place.setState({ facts: known, askedName: as })
      session.join({ room: code, name: as, verifiedOnly: known.verifiedOnly })
    },
    [session, place],
  )
  const joinFromForm = (code: string, as: string) => {
    setAsked(code)
    bindLinkSecret(code, room.errorCode === 'SHOAL_BAD_LINK')
    void join(code, as)
  }
  useEffect(() => {
    if (invited !== null) void join(invited, name ?? rememberedName())
    else if (name !== null) open(name, PLAIN_ROOM)
  }, [invited, join, name, open])
  useEffect(reloadOnNewSecret, [])

  const inRoom = room.phase === 'joined' || room.phase === 'reconnecting'
  const { code } = room
  useEffect(() => {
    if (!inRoom || code === null) return
    // The name that was asked for, not the one that the room made of it: after a reload it is asked for again.
    showRoomInAddress({ code, name: askedName })
    void myRooms().touch({ code, ...facts })
  }, [inRoom, code, askedName, facts])

  const status = memberStatus(room, nextTrace.lastKey)
  const { unread, unreadMentions } = room.chat
  useRoomTitle(inRoom ? facts.title || code : null, unread, unreadMentions)
  useRoomNotices(room, facts.title)
  const entering =
    room.phase === 'connecting' || (room.phase === 'idle' && (invited !== null || name !== null))

  if (inRoom || entering) {
    return (
      <RoomView
        session={session}
        room={room}
        facts={facts}
        status={status}
        mode={mode}
        lanes={lanes}
        compress={compress}
        onLeave={() => {
          setAsked(null)
          showRoomInAddress(null)
          session.leave()
        }}
      />
    )
  }
  return (
    <main id="content" className="mx-auto w-full max-w-6xl px-4 pt-2 pb-16 sm:px-6 lg:pt-6">
      <h1 className="sr-only">Rooms</h1>
      <div className={room.phase === 'failed' ? 'mb-3 px-1' : 'sr-only'}>
        <StatusLine status={status} />
      </div>
      <Entry code={asked} name={name} errorCode={room.errorCode} onOpen={open} onJoin={joinFromForm} />
    </main>
  )
}
