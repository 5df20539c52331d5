'use client'

import { useEffect, useState } from 'react'

import type { ChatMessage } from '@/lib/chat/types'
import type { NamedMember } from '@/lib/room/search/find-members'
import type { SearchFilter } from '@/lib/room/search/message-index'

import { SearchDesk, type SearchState } from './search-desk'
import { useStoreInSlices } from './use-store'

/** One search box over a room. Hand in the same arrays while nothing changed. */
export function useSearch(
  messages: readonly ChatMessage[],
  members: readonly NamedMember[],
): SearchState & { readonly ask: (query: string, filter?: SearchFilter) => void } {
  const [desk] = useState(() => new SearchDesk())
  const [ask] = useState(() => (query: string, filter?: SearchFilter) => desk.ask(query, filter))
  const state = useStoreInSlices(desk)

  useEffect(() => desk.handleRoom(messages, members), [desk, messages, members])
  useEffect(() => () => desk.close(), [desk])

  return { ...state, ask }
}
