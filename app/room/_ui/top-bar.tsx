'use client'

import { ArrowLeft, EllipsisVertical, Search, ShieldCheck, Users, X } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useRef } from 'react'

import type { PageStatus } from '@/lib/react/page-status'
import { unreadText } from '@/lib/react/room-title'
import type { RoomFacts } from '@/lib/react/room-link'
import type { RoomSession, RoomState } from '@/lib/room/types'

import { Logo } from '../../_ui/fish'
import { StatusLine } from '../../_ui/status-line'
import { IconButton } from './icon-button'
import { ROOM_MENU_ID, RoomMenu } from './room-menu'
import type { RoomQuery } from './search-query'

/** Where one is, who is there, and the way to everything that is not the chat itself. */
export function TopBar({
  session,
  room,
  facts,
  status,
  query,
  onQuery,
  searchOpen,
  onSearchOpen,
  onSearchClose,
  membersOpen,
  onMembers,
  onLeave,
}: {
  session: RoomSession
  room: RoomState
  facts: RoomFacts
  status: PageStatus
  query: RoomQuery
  onQuery: (query: RoomQuery) => void
  searchOpen: boolean
  onSearchOpen: (open: boolean) => void
  onSearchClose: () => void
  membersOpen: boolean
  onMembers: () => void
  onLeave: () => void
}) {
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (searchOpen) search.current?.focus()
  }, [searchOpen])
  const here = 1 + room.members.filter((member) => member.link === 'open').length
  const { unread } = room.chat
  return (
    <header className="z-30 flex shrink-0 items-center gap-1 border-b border-line bg-surface py-1.5 pr-[max(0.5rem,env(safe-area-inset-right))] pl-[max(0.5rem,env(safe-area-inset-left))] lg:gap-2 lg:px-4 lg:py-2">
      <Link
        href="/"
        aria-label="Shoal, the first page"
        className="flex size-11 shrink-0 items-center justify-center rounded-xl hover:bg-sunken"
      >
        <Logo className="size-8" />
      </Link>
      <div className={`min-w-0 flex-1 px-1 ${searchOpen ? 'max-lg:sr-only' : ''}`}>
        <h1 className="flex items-center gap-2 text-lg leading-tight font-semibold tracking-tight">
          <span className={`truncate ${facts.title ? '' : 'font-mono'}`}>
            {facts.title || room.code || 'Room'}
          </span>
          {room.verifiedOnly && (
            <ShieldCheck aria-label="only verified members" className="size-4.5 shrink-0 text-accent" />
          )}
          {unread > 0 && (
            <span className="shrink-0 rounded-full bg-accent px-2 py-0.5 text-xs font-semibold text-on-accent figures">
              {unreadText(unread)}
              <span className="sr-only"> unread</span>
            </span>
          )}
        </h1>
        <StatusLine status={status} small />
      </div>
      <div
        role="search"
        className={`relative items-center lg:flex lg:w-72 ${searchOpen ? 'flex flex-1' : 'max-lg:hidden'}`}
      >
        <button
          type="button"
          aria-label="Back to the chat"
          className="flex size-11 shrink-0 items-center justify-center rounded-xl text-muted lg:hidden"
          onClick={onSearchClose}
        >
          <ArrowLeft aria-hidden="true" className="size-5.5" />
        </button>
        <Search
          aria-hidden="true"
          className="pointer-events-none absolute left-3.5 size-4.5 text-muted max-lg:hidden"
        />
        <input
          ref={search}
          data-testid="search"
          type="search"
          aria-label="Search messages and members"
          placeholder="Search"
          autoComplete="off"
          enterKeyHint="search"
          value={query.text}
          onChange={(event) => onQuery({ ...query, text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onSearchClose()
          }}
          className="h-11 w-full min-w-0 rounded-xl bg-sunken px-4 text-base placeholder:text-muted lg:pl-10 [&::-webkit-search-cancel-button]:hidden"
        />
        {query.text !== '' && (
          <button
            type="button"
            aria-label="Clear the search"
            className="absolute right-1 flex size-9 items-center justify-center rounded-lg text-muted hover:text-ink"
            onClick={onSearchClose}
          >
            <X aria-hidden="true" className="size-4.5" />
          </button>
        )}
      </div>
      <div className={`flex shrink-0 items-center ${searchOpen ? 'max-lg:hidden' : ''}`}>
        <IconButton
          label="Search"
          data-testid="open-search"
          className="lg:hidden"
          onClick={() => onSearchOpen(true)}
        >
          <Search aria-hidden="true" />
        </IconButton>
        <button
          type="button"
          data-testid="open-members"
          aria-label={`Members: ${here} here`}
          aria-expanded={membersOpen}
          className="flex h-11 items-center gap-1.5 rounded-xl px-2.5 font-semibold text-muted figures hover:bg-sunken hover:text-ink lg:hidden"
          onClick={onMembers}
        >
          <Users aria-hidden="true" className="size-5.5" />
          {here}
        </button>
        <IconButton label="Room menu" data-testid="room-menu" popoverTarget={ROOM_MENU_ID}>
          <EllipsisVertical aria-hidden="true" />
        </IconButton>
      </div>
      <RoomMenu session={session} room={room} facts={facts} onLeave={onLeave} />
    </header>
  )
}
