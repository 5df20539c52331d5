'use client'

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'

import type { PictureSettings } from '@/lib/image/settings'
import type { TransferMode } from '@/lib/protocol/report'
import { rememberInAddress } from '@/lib/react/address-bar'
import { carryingPath } from '@/lib/react/carrying-path'
import { bindLinkSecret, reloadOnNewSecret, takeLinkSecret } from '@/lib/react/link-secret'
import { senderStatus } from '@/lib/react/page-status'
import { isActive, newestActive } from '@/lib/react/transfer-choice'
import { useActiveTitle } from '@/lib/react/use-active-title'
import { useFileIntake } from '@/lib/react/use-file-intake'
import { useOutbox } from '@/lib/react/use-outbox'
import { usePictureDesk } from '@/lib/react/use-picture-desk'
import { rememberedName } from '@/lib/react/use-remembered-name'
import { useRoomPlace } from '@/lib/react/use-room-place'
import { useRoomSession } from '@/lib/react/use-room-session'
import { useStoreInSlices } from '@/lib/react/use-store'
import type { PathChoice } from '@/lib/room/types'

import { Dock } from '../../_ui/dock'
import { Reconnecting } from '../../_ui/reconnecting'
import { StatusLine } from '../../_ui/status-line'
import { ConnectionCard } from './connection-card'
import { JoinForm } from '../../_ui/join-form'
import { OptionsCard } from './options-card'
import { PickedCard } from './picked-card'
import { PicturePicker } from './picture-picker'
import { SendActions } from './send-actions'
import { SentCard } from './sent-card'

/** The sender's side. With `room` from the address it joins by itself. */
export function SendPage({
  name,
  room: invited,
  mode: firstMode,
  lanes,
  paths,
  compress,
}: {
  name: string | null
  room: string | null
  mode: TransferMode
  /** At most so many lanes for Assured. */
  lanes: number | null
  paths: PathChoice
  compress: boolean
}) {
  const session = useRoomSession('sender', paths)
  const room = useStoreInSlices(session)
  const place = useRoomPlace(room)
  const open = useMemo(() => place.peers.filter((peer) => peer.link === 'open'), [place.peers])
  const { desk, picked } = usePictureDesk(session, { compress, connected: open.length > 0 })
  const { outbox, state: sending } = useOutbox(session, desk)
  const [mode, setMode] = useState(firstMode)
  const [peerId, setPeerId] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const { dragging, takeInput } = useFileIntake(desk, input)

  const [asked, setAsked] = useState(invited)
  const join = useCallback((code: string, as: string) => session.join({ room: code, name: as }), [session])
  const joinFromForm = (code: string, as: string) => {
    setAsked(code)
    bindLinkSecret(code, room.errorCode === 'SHOAL_BAD_LINK')
    rememberInAddress({ room: code, name: as })
    join(code, as)
  }
  useEffect(() => {
    takeLinkSecret(invited)
    if (invited !== null) join(invited, name ?? rememberedName())
  }, [invited, join, name])
  useEffect(reloadOnNewSecret, [])

  useEffect(() => {
    session.prepare({ mode, picture: picked.picture, ...(lanes !== null && { lanes }) })
  }, [session, mode, lanes, picked.picture])

  const target = open.find((peer) => peer.id === peerId) ?? null
  const gone = useGone(open.length > 0, room.peers.length === 0)
  const batch = room.transfers.filter((transfer) => sending.batchKeys.includes(transfer.key))
  const batchRuns = batch.some(isActive)
  const active = newestActive(room.transfers)
  useActiveTitle(active)

  const status = senderStatus(room, {
    batchKeys: sending.batchKeys,
    fileError: picked.errorCode,
    fileWarning: picked.facts?.damage ?? null,
    gone,
    armedFor: sending.armed ? (picked.picture ? 'receiver' : 'picture') : null,
  })
  const cancel = useCallback((key: string) => session.cancel(key), [session])
  const remove = useCallback((key: string) => session.remove(key), [session])
  const leave = useCallback(() => {
    rememberInAddress({ room: null, name: null })
    session.leave()
  }, [session])
  const changeSettings = useCallback((settings: PictureSettings) => desk.setSettings(settings), [desk])
  const skip = useCallback(() => desk.advance(), [desk])
  const inRoom = room.phase === 'joined' || room.phase === 'reconnecting'
  const entering = room.phase === 'connecting' || (room.phase === 'idle' && invited !== null)

  return (
    <main id="content" className="mx-auto w-full max-w-6xl px-4 pt-2 pb-52 sm:px-6 lg:pt-6 lg:pb-16">
      <h1 className="sr-only">Send a picture</h1>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem] lg:gap-6">
        <div className="min-w-0 space-y-4">
          {room.phase === 'reconnecting' && (
            <Reconnecting busy={active !== null} errorCode={room.errorCode} />
          )}
          <div data-testid="peers" data-count={open.length}>
            {inRoom || entering ? (
              <ConnectionCard room={place} path={carryingPath(room)} gone={gone} onLeave={leave} />
            ) : (
              <JoinForm room={asked} name={name} errorCode={room.errorCode} onJoin={joinFromForm} />
            )}
          </div>
          {picked.phase !== 'empty' && (
            <div className={batch.length > 0 ? 'max-lg:hidden' : ''}>
              <PickedCard picked={picked} onSettings={changeSettings} onSkip={skip} />
            </div>
          )}
          <PicturePicker
            input={input}
            small={picked.phase !== 'empty'}
            dragging={dragging}
            onFiles={takeInput}
          />
        </div>
        <div className="space-y-4 lg:sticky lg:top-6 lg:row-span-2">
          <Dock label="Status and actions" active={active}>
            <StatusLine status={status} />
            <SendActions
              canSend={
                picked.file !== null && picked.errorCode === null && sending.armed === null && !batchRuns
              }
              sent={batch.length > 0}
              sending={batchRuns}
              canCancel={sending.armed !== null || active !== null}
              count={1 + picked.waiting.length}
              onSend={(startedAtMs) => outbox.press({ mode, peerId: target?.id ?? null, startedAtMs })}
              onCancel={() => {
                outbox.disarm()
                if (sending.armed) return
                if (batchRuns) for (const transfer of batch.filter(isActive)) session.cancel(transfer.key)
                else if (active) session.cancel(active.key)
              }}
              onAnother={() => input.current?.click()}
              pickId={picked.file ? picked.pickId : 0}
            />
          </Dock>
          <div className={picked.file === null || batch.length > 0 ? 'max-lg:hidden' : ''}>
            <OptionsCard
              settings={picked.settings}
              onSettings={changeSettings}
              mode={mode}
              onMode={setMode}
              receivers={open}
              receiver={target}
              onReceiver={setPeerId}
            />
          </div>
        </div>
        {room.transfers.length > 0 && (
          <ol aria-label="Sent pictures, newest first" className="min-w-0 space-y-4">
            {room.transfers.map((transfer) => (
              <li key={transfer.key} className="card-place">
                <SentCard transfer={transfer} onCancel={cancel} onRemove={remove} />
              </li>
            ))}
          </ol>
        )}
      </div>
    </main>
  )
}

/** Someone was connected, and nobody is there now. */
function useGone(connected: boolean, alone: boolean): boolean {
  const [everConnected, setEverConnected] = useState(false)
  if (connected && !everConnected) setEverConnected(true)
  return everConnected && alone
}
