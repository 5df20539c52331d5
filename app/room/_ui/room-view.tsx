'use client'

import { useCallback, useMemo, useRef, useState } from 'react'

import type { TransferMode } from '@/lib/protocol/report'
import { transfersByMessage } from '@/lib/react/message-transfers'
import type { PageStatus } from '@/lib/react/page-status'
import type { RoomFacts } from '@/lib/react/room-link'
import { isActive } from '@/lib/react/transfer-choice'
import { useVisibleHeight } from '@/lib/react/use-visible-height'
import { useWide } from '@/lib/react/use-wide'
import type { RoomSession, RoomState } from '@/lib/room/types'

import { ChatPanel } from './chat-panel'
import type { PictureActions } from './picture-message'
import { MembersPanel } from './members-panel'
import { SearchResults } from './search-results'
import { NO_QUERY } from './search-query'
import { TopBar } from './top-bar'

/** The whole room: on a phone the chat, with members and search over it; on a wide screen side by side. */
export function RoomView({
  session,
  room,
  facts,
  status,
  mode,
  lanes,
  compress,
  onLeave,
}: {
  session: RoomSession
  room: RoomState
  facts: RoomFacts
  status: PageStatus
  mode: TransferMode
  lanes: number | null
  compress: boolean
  onLeave: () => void
}) {
  const shell = useRef<HTMLElement>(null)
  useVisibleHeight(shell)
  const wide = useWide()
  const [membersOpen, setMembersOpen] = useState(false)
  const [searchOpen, setSearchOpen] = useState(false)
  const [query, setQuery] = useState(NO_QUERY)
  const [jumpTo, setJumpTo] = useState<{ readonly id: string; readonly at: number } | null>(null)
  const searching = query.text.trim() !== '' || searchOpen
  const covered = !wide && (membersOpen || searching)

  const { messages } = room.chat
  const inside = room.phase === 'joined' || room.phase === 'reconnecting'
  const invitedInChat =
    !wide && inside && room.members.length === 0 && messages.length + room.transfers.length === 0
  const carried = useMemo(() => transfersByMessage(messages, room.transfers), [messages, room.transfers])
  const pictures = useMemo<PictureActions>(
    () => ({
      cancel: (key) => session.cancel(key),
      repair: (key) => session.repair(key),
      seen: (key, atMs) => session.handlePreviewShown(key, atMs),
      fetch: (id) => session.chat?.fetchPicture(id),
    }),
    [session],
  )
  const jump = useCallback((id: string) => {
    setJumpTo((before) => ({ id, at: (before?.at ?? 0) + 1 }))
    setSearchOpen(false)
  }, [])
  const closeSearch = () => {
    setSearchOpen(false)
    setQuery(NO_QUERY)
  }

  return (
    <main
      ref={shell}
      id="content"
      className="room-shell fixed inset-x-0 top-0 z-10 flex h-dvh flex-col overflow-hidden bg-canvas"
    >
      <TopBar
        session={session}
        room={room}
        facts={facts}
        status={status}
        query={query}
        onQuery={setQuery}
        searchOpen={searchOpen}
        onSearchOpen={setSearchOpen}
        onSearchClose={closeSearch}
        membersOpen={membersOpen}
        onMembers={() => setMembersOpen(!membersOpen)}
        onLeave={onLeave}
      />
      <div className="relative flex min-h-0 flex-1">
        <MembersPanel
          session={session}
          room={room}
          facts={facts}
          open={membersOpen}
          invitedInChat={invitedInChat}
          onClose={() => setMembersOpen(false)}
        />
        <div className="flex min-w-0 flex-1 flex-col" inert={covered}>
          <ChatPanel
            session={session}
            room={room}
            facts={facts}
            invitedInChat={invitedInChat}
            carried={carried}
            pictures={pictures}
            jumpTo={jumpTo}
            mode={mode}
            lanes={lanes}
            compress={compress}
            sending={room.transfers.some(isActive)}
          />
        </div>
        {searching && (
          <SearchResults
            messages={messages}
            members={room.members}
            selfName={room.selfName}
            query={query}
            onQuery={setQuery}
            onJump={(id) => {
              jump(id)
              if (!wide) setQuery(NO_QUERY)
            }}
            onClose={closeSearch}
          />
        )}
      </div>
    </main>
  )
}
