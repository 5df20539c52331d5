'use client'

import { useCallback, useEffect, useMemo, useState } from 'react'

import { rememberInAddress } from '@/lib/react/address-bar'
import { carryingPath } from '@/lib/react/carrying-path'
import { bindLinkSecret, reloadOnNewSecret, takeLinkSecret } from '@/lib/react/link-secret'
import { receiverStatus } from '@/lib/react/page-status'
import { newestActive, newestRepairable, NOTHING_FINISHED, traceFinished } from '@/lib/react/transfer-choice'
import { useActiveTitle } from '@/lib/react/use-active-title'
import { rememberedName } from '@/lib/react/use-remembered-name'
import { useRoomPlace } from '@/lib/react/use-room-place'
import { useRoomSession } from '@/lib/react/use-room-session'
import { useStoreInSlices } from '@/lib/react/use-store'
import type { PathChoice } from '@/lib/room/types'

import { Button } from '../../_ui/button'
import { Dock } from '../../_ui/dock'
import { Reconnecting } from '../../_ui/reconnecting'
import { StatusLine } from '../../_ui/status-line'
import { OpenRoomForm } from './open-room-form'
import { PictureCard } from './picture-card'
import { RoomCard } from './room-card'
import { WaitingSea } from './waiting-sea'

/** The receiver's side. With `name` or `room` from the address it enters a room by itself. */
export function ReceivePage({
  name,
  room: invited,
  paths,
}: {
  name: string | null
  room: string | null
  paths: PathChoice
}) {
  const session = useRoomSession('receiver', paths)
  const room = useStoreInSlices(session)
  const place = useRoomPlace(room)
  const [trace, setTrace] = useState(NOTHING_FINISHED)
  const nextTrace = traceFinished(trace, room.transfers)
  if (nextTrace !== trace) setTrace(nextTrace)

  const enter = useCallback(
    (as: string) => (invited ? session.join({ room: invited, name: as }) : session.open({ name: as })),
    [invited, session],
  )
  useEffect(() => {
    takeLinkSecret(invited)
    if (name !== null || invited !== null) enter(name ?? rememberedName())
  }, [enter, invited, name])
  useEffect(reloadOnNewSecret, [])

  const actions = useMemo(
    () => ({
      cancel: (key: string) => session.cancel(key),
      repair: (key: string) => session.repair(key),
      remove: (key: string) => session.remove(key),
      seen: (key: string, atMs: number) => session.handlePreviewShown(key, atMs),
    }),
    [session],
  )
  const leave = useCallback(() => {
    rememberInAddress({ name: null })
    session.leave()
  }, [session])
  const status = receiverStatus(room, nextTrace.lastKey)
  const active = newestActive(room.transfers)
  const openCount = room.peers.filter((peer) => peer.link === 'open').length
  const repairable = newestRepairable(room.transfers)
  useActiveTitle(active)
  const inRoom = room.phase === 'joined' || room.phase === 'reconnecting'
  const entering =
    room.phase === 'connecting' || (room.phase === 'idle' && (name !== null || invited !== null))

  return (
    <main id="content" className="mx-auto w-full max-w-6xl px-4 pt-2 pb-40 sm:px-6 lg:pt-6 lg:pb-16">
      <h1 className="sr-only">Receive pictures</h1>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)] lg:gap-6">
        {room.phase === 'reconnecting' && (
          <div className="lg:col-span-2">
            <Reconnecting busy={active !== null} errorCode={room.errorCode} />
          </div>
        )}
        <div data-testid="peers" data-count={openCount} className="lg:sticky lg:top-6">
          {inRoom || entering ? (
            <RoomCard
              room={place}
              path={carryingPath(room)}
              compact={room.transfers.length > 0}
              onLeave={leave}
            />
          ) : (
            <OpenRoomForm
              name={name}
              invited={invited}
              errorCode={room.errorCode}
              onEnter={(as) => {
                if (invited !== null) bindLinkSecret(invited, room.errorCode === 'SHOAL_BAD_LINK')
                rememberInAddress({ name: as })
                enter(as)
              }}
            />
          )}
        </div>
        <div className="min-w-0 space-y-4">
          <Dock label="Status and actions" active={active}>
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <div className="min-w-0 flex-1 basis-52">
                <StatusLine status={status} />
              </div>
              <div className="flex gap-2 empty:hidden">
                <Button
                  data-testid="repair"
                  variant="primary"
                  className="disabled:hidden"
                  disabled={!repairable}
                  onClick={() => repairable && session.repair(repairable.key)}
                >
                  Repair
                </Button>
                <Button
                  data-testid="cancel"
                  variant="danger"
                  className="disabled:hidden"
                  disabled={!active}
                  onClick={() => active && session.cancel(active.key)}
                >
                  Cancel
                </Button>
              </div>
            </div>
          </Dock>
          {room.transfers.length === 0 && <WaitingSea listening={inRoom} connected={openCount > 0} />}
          <ol aria-label="Pictures, newest first" className="space-y-4">
            {room.transfers.map((transfer) => (
              <li key={transfer.key} className="card-place">
                <PictureCard transfer={transfer} actions={actions} />
              </li>
            ))}
          </ol>
        </div>
      </div>
    </main>
  )
}
