'use client'

import { Crown, UserPlus, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'

import type { RoomFacts } from '@/lib/react/room-link'
import type { RoomSession, RoomState } from '@/lib/room/types'

import { Button } from '../../_ui/button'
import { Avatar } from './avatar'
import { IconButton } from './icon-button'
import { MemberCard } from './member-card'
import { RoomInvitation } from './room-invitation'

/** Everyone in the room, oneself first, and how others come in. On a phone it lies over the chat. */
export function MembersPanel({
  session,
  room,
  facts,
  open,
  invitedInChat,
  onClose,
}: {
  session: RoomSession
  room: RoomState
  facts: RoomFacts
  open: boolean
  /** The invitation stands in the empty chat: there is one of it on a page. */
  invitedInChat: boolean
  onClose: () => void
}) {
  const [inviting, setInviting] = useState(false)
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (open) close.current?.focus()
  }, [open])
  const here = 1 + room.members.filter((member) => member.link === 'open').length
  const unverified = room.members.some(
    (member) => member.link === 'open' && !(member.safety?.compared ?? false) && member.verified === false,
  )
  return (
    <aside
      aria-label="Members"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
      className={`flex-col overflow-y-auto bg-surface pb-[max(1rem,env(safe-area-inset-bottom))] max-lg:absolute max-lg:inset-0 max-lg:z-20 lg:flex lg:w-80 lg:shrink-0 lg:border-r lg:border-line ${
        open ? 'flex' : 'max-lg:hidden'
      }`}
    >
      <div className="flex items-center gap-2 px-4 pt-3 pb-1">
        <h2 className="flex-1 text-base font-semibold">
          Members <span className="font-normal text-muted figures">· {here} here</span>
        </h2>
        <Button
          variant="quiet"
          className="min-h-11 px-3"
          aria-expanded={inviting}
          onClick={() => setInviting(!inviting)}
        >
          <UserPlus aria-hidden="true" />
          Invite
        </Button>
        <span className="lg:hidden">
          <IconButton ref={close} label="Back to the chat" onClick={onClose}>
            <X aria-hidden="true" />
          </IconButton>
        </span>
      </div>
      {!invitedInChat && (
        <RoomInvitation room={room} facts={facts} wanted={inviting || room.members.length === 0} />
      )}
      <ul data-testid="members" data-count={here} className="px-4">
        <li className="flex items-center gap-3 py-3">
          <Avatar name={room.selfName} identity={room.selfIdentity ?? 'self'} presence="here" />
          <div className="min-w-0">
            <p className="font-semibold [overflow-wrap:anywhere]">
              {room.selfName} <span className="font-normal text-muted">(you)</span>
            </p>
            {room.owner && (
              <p className="flex items-center gap-1 text-sm text-muted">
                <Crown aria-hidden="true" className="size-3.5" />
                opened this room
              </p>
            )}
          </div>
        </li>
        {room.members.map((member) => (
          <MemberCard
            key={member.id}
            member={member}
            onCompare={(same) => session.chat?.compare(member.id, same)}
            onRemove={room.owner ? () => session.chat?.removeMember(member.id) : null}
          />
        ))}
      </ul>
      {unverified && (
        <p className="mx-4 mt-2 text-sm text-muted">
          Not verified: joined by the code alone, so the server could have put someone in between. Compare the
          safety words, in one room or by telephone.
        </p>
      )}
    </aside>
  )
}
