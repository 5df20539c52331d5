'use client'

import { memo } from 'react'

import type { CarryingPath } from '@/lib/protocol/report'
import { laneCount } from '@/lib/react/carrying-path'
import { signalProblem } from '@/lib/react/page-status'
import type { RoomPlace } from '@/lib/react/use-room-place'

import { Button } from '../../_ui/button'
import { ErrorNotice } from '../../_ui/notice'
import { PathLine } from '../../_ui/path-line'
import { Peers } from '../../_ui/peers'
import { Verification } from '../../_ui/verification'

/** Whom this page is connected to, in one line. */
export const ConnectionCard = memo(function ConnectionCard({
  room,
  path,
  gone,
  onLeave,
}: {
  room: RoomPlace
  /** What carries pictures. */
  path: CarryingPath | null
  gone: boolean
  onLeave: () => void
}) {
  const errorCode = room.errorCode ?? signalProblem(room)
  return (
    <section aria-label="Connection" className="card px-5 py-3 sm:px-6">
      <div className="flex items-center justify-between gap-4">
        <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1.5">
          <p className="text-base text-muted">
            Room{' '}
            {room.code ? (
              <span
                data-testid="room-code"
                translate="no"
                className="font-mono font-semibold whitespace-nowrap text-ink"
              >
                {room.code}
              </span>
            ) : (
              <span className="inline-block h-5 w-28 animate-pulse rounded-lg bg-sunken align-middle" />
            )}
          </p>
          <Peers
            peers={room.peers}
            nobody={room.phase === 'connecting' ? 'Joining…' : 'No receiver is in the room now'}
          />
          <PathLine path={path} lanes={laneCount(room)} />
          {room.selfName && <p className="text-base text-muted max-sm:hidden">You are {room.selfName}</p>}
        </div>
        <Button variant="quiet" className="-mr-3 shrink-0 font-medium" onClick={onLeave}>
          Leave
        </Button>
      </div>
      <Verification peers={room.peers} />
      {errorCode && room.phase !== 'reconnecting' && (
        <div className="mt-3 mb-2">
          <ErrorNotice code={errorCode} tone="warn" />
        </div>
      )}
      {gone && !errorCode && (
        <div className="mt-3 mb-2">
          <ErrorNotice code="SHOAL_PEER_GONE" tone="warn" />
        </div>
      )}
    </section>
  )
})
