'use client'

import { roomLink } from '@/lib/react/room-link'
import type { RoomFacts } from '@/lib/react/room-link'
import type { RoomState } from '@/lib/room/types'

import { Invitation } from '../../_ui/invitation'
import { RoomCode } from '../../_ui/room-code'

/** How others come in: large while nobody is here, else kept ready behind "Invite". */
export function RoomInvitation({
  room,
  facts,
  wanted,
}: {
  room: RoomState
  facts: RoomFacts
  wanted: boolean
}) {
  return (
    <section
      aria-label="Invitation"
      className={wanted ? 'mx-4 mt-1 mb-2 rounded-2xl bg-sunken p-4' : 'sr-only'}
      inert={!wanted}
    >
      <p className="text-sm text-muted">Room code</p>
      <RoomCode code={room.code} />
      <Invitation room={room} hideQr={false} linkAt={(origin, place) => roomLink(origin, place, facts)} />
      <p className="mt-3 text-sm text-muted">
        {room.secret === null
          ? 'You joined by the code, so this link has no secret: who opens it is not verified.'
          : 'Who comes by the link is verified. Who types the code is not, until the safety words were compared.'}
      </p>
    </section>
  )
}
