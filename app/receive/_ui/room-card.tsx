'use client'

import { QrCode as QrIcon } from 'lucide-react'
import { memo, useState } from 'react'

import type { CarryingPath } from '@/lib/protocol/report'
import { laneCount } from '@/lib/react/carrying-path'
import { invitationLink } from '@/lib/react/invitation'
import { signalProblem } from '@/lib/react/page-status'
import type { RoomPlace } from '@/lib/react/use-room-place'

import { Button } from '../../_ui/button'
import { ErrorNotice } from '../../_ui/notice'
import { PathLine } from '../../_ui/path-line'
import { Peers } from '../../_ui/peers'
import { Verification } from '../../_ui/verification'
import { RoomCode } from '../../_ui/room-code'
import { Invitation } from '../../_ui/invitation'

/** The room as others join it. Once pictures come in, the QR steps back on a phone. */
export const RoomCard = memo(function RoomCard({
  room,
  path,
  compact,
  onLeave,
}: {
  room: RoomPlace
  /** What carries pictures. */
  path: CarryingPath | null
  compact: boolean
  onLeave: () => void
}) {
  const [wanted, setWanted] = useState(false)
  const hideQr = compact && !wanted
  const errorCode = room.errorCode ?? signalProblem(room)
  return (
    <section aria-labelledby="room" className="card p-6">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 id="room" className="text-base text-muted">
            Room code
          </h2>
          <RoomCode code={room.code} />
        </div>
        {compact && (
          <Button className="lg:hidden" aria-expanded={wanted} onClick={() => setWanted(!wanted)}>
            <QrIcon aria-hidden="true" />
            QR
          </Button>
        )}
      </div>
      {errorCode && room.phase !== 'reconnecting' && (
        <div className="mt-4">
          <ErrorNotice code={errorCode} tone="warn" />
        </div>
      )}
      <Invitation
        room={room}
        hideQr={hideQr}
        linkAt={(origin, { code, secret }) => invitationLink(origin, code, secret)}
      />
      <div className="mt-5 flex items-end justify-between gap-4 border-t border-line pt-4">
        <div className="min-w-0 space-y-1.5 text-base">
          <p className="text-muted">
            You are{' '}
            <strong className="font-semibold [overflow-wrap:anywhere] text-ink">{room.selfName}</strong>
          </p>
          <Peers peers={room.peers} nobody="Nobody has joined yet" />
          <PathLine path={path} lanes={laneCount(room)} />
        </div>
        <Button variant="quiet" className="-mr-3 shrink-0 font-medium" onClick={onLeave}>
          Leave
        </Button>
      </div>
      <Verification peers={room.peers} />
    </section>
  )
})
