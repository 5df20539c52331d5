'use client'

import { MessageCircle } from 'lucide-react'

import type { RoomFacts } from '@/lib/react/room-link'
import type { RoomState } from '@/lib/room/types'

import { RoomInvitation } from './room-invitation'

/** Nothing was written yet: whom it waits for, and what to do about it. */
export function EmptyChat({
  room,
  facts,
  invites,
}: {
  room: RoomState
  facts: RoomFacts
  /** On a phone the invitation stands here, large. */
  invites: boolean
}) {
  const alone = room.members.length === 0
  const entering = room.phase === 'connecting' || room.phase === 'idle'
  if (invites) {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto py-4">
        <p className="text-center text-xl font-semibold tracking-tight">Nobody else is here yet</p>
        <p className="mx-auto mt-1 mb-3 max-w-sm px-6 text-center text-muted">
          Give somebody the link. What you write now waits for them.
        </p>
        <RoomInvitation room={room} facts={facts} wanted />
      </div>
    )
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center overflow-y-auto px-6 py-10 text-center">
      {alone && !entering ? (
        <svg viewBox="0 0 120 120" aria-hidden="true" className="size-28 shrink-0">
          <g className="fill-none stroke-accent">
            <circle className="sonar" cx="60" cy="60" r="56" strokeWidth="1.5" />
            <circle className="sonar" cx="60" cy="60" r="56" strokeWidth="1.5" />
            <circle className="sonar" cx="60" cy="60" r="56" strokeWidth="1.5" />
          </g>
          <circle cx="60" cy="60" r="7" className="fill-accent" />
        </svg>
      ) : (
        <MessageCircle aria-hidden="true" className="size-14 shrink-0 text-line-strong" />
      )}
      <p className="mt-4 text-xl font-semibold tracking-tight">
        {entering ? 'Joining the room…' : alone ? 'Nobody else is here yet' : 'No messages yet'}
      </p>
      <p className="mt-1 max-w-sm text-muted">
        {entering
          ? 'What was written before comes with it.'
          : alone
            ? 'Give somebody the link: it stands beside the chat. What you write now waits for them.'
            : 'Write something, or drop a picture here. It goes to everyone in the room.'}
      </p>
    </div>
  )
}
