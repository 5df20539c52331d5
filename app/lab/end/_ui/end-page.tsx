'use client'

import { useCallback, useEffect, useRef, useState } from 'react'

import { markOf } from '@/lib/lab/charts/marks'
import { EndSession } from '@/lib/lab/device/end-session'
import type { EndState } from '@/lib/lab/device/end-session'
import { rememberInAddress } from '@/lib/react/address-bar'
import { bindLinkSecret, reloadOnNewSecret, takeLinkSecret } from '@/lib/react/link-secret'
import { signalProblem } from '@/lib/react/page-status'
import { rememberedName } from '@/lib/react/use-remembered-name'
import { useRoomSession } from '@/lib/react/use-room-session'
import { useStore, useStoreInSlices } from '@/lib/react/use-store'

import { JoinForm } from '../../../_ui/join-form'
import { ErrorNotice } from '../../../_ui/notice'
import { LAB_PATHS, reachable } from '../../_ui/use-second-device'

/** The receiving end of a lab on another device: shows what comes, and is told everything else by the lab. */
export function EndPage({ room: invited, name }: { room: string | null; name: string | null }) {
  const session = useRoomSession('sender', LAB_PATHS, 'lab')
  const room = useStoreInSlices(session)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [end] = useState(() => new EndSession({ sendText: (peerId, text) => session.sendText(peerId, text) }))
  const state = useStore(end)
  const [asked, setAsked] = useState(invited)

  useEffect(() => {
    if (!canvas.current) return
    end.start(canvas.current)
    const stopTexts = session.onText((peerId, text) => end.handleText(peerId, text))
    const stopPeers = session.subscribe(() => end.handlePeers(reachable(session.getState())))
    return () => {
      stopTexts()
      stopPeers()
      end.close()
    }
  }, [session, end])
  const join = useCallback((code: string, as: string) => session.join({ room: code, name: as }), [session])
  useEffect(() => {
    takeLinkSecret(invited)
    if (invited !== null) join(invited, name ?? rememberedName())
  }, [invited, join, name])
  useEffect(reloadOnNewSecret, [])

  const [lab] = room.peers
  const entering = room.phase === 'connecting' || (room.phase === 'idle' && invited !== null)
  const inRoom = room.phase === 'joined' || room.phase === 'reconnecting'
  const problem = signalProblem(room)
  return (
    <main id="content" className="mx-auto w-full max-w-3xl px-4 pt-6 pb-16 sm:px-6">
      <h1 className="text-3xl font-bold tracking-tight [overflow-wrap:anywhere]">
        {lab ? `The receiving end of ${lab.name}’s lab` : 'A lab’s receiving end'}
      </h1>
      <p className="mt-2 mb-6 text-lg text-muted">
        Pictures that the lab sends over a network made bad on purpose arrive and are measured here. There is
        nothing to do but to keep this page in front and the screen on.
      </p>
      {!inRoom && !entering && (
        <JoinForm
          room={asked}
          name={name}
          errorCode={room.errorCode}
          hint="The code stands on the lab’s page. Its QR brings you here too."
          onJoin={(code, as) => {
            setAsked(code)
            bindLinkSecret(code, room.errorCode === 'SHOAL_BAD_LINK')
            rememberInAddress({ room: code, name: as })
            join(code, as)
          }}
        />
      )}
      {problem && <ErrorNotice code={problem} tone="warn" />}
      <section
        aria-label="What arrives"
        className={inRoom || entering ? 'card rounded-3xl p-5 sm:p-6' : 'hidden'}
      >
        <p
          role="status"
          className="min-h-6 text-base font-medium [overflow-wrap:anywhere] figures"
          data-testid="end-status"
          data-state={state.phase}
        >
          {textOf(state)}
        </p>
        <canvas
          ref={canvas}
          width={512}
          height={384}
          role="img"
          aria-label="What the receiving end has on its screen"
          data-testid="end-screen"
          className="mx-auto mt-4 block h-auto max-h-[65svh] w-auto max-w-full rounded-2xl bg-sunken"
        />
      </section>
    </main>
  )
}

function textOf({ phase, progress }: EndState): string {
  switch (phase) {
    case 'waiting':
      return 'Connecting to the lab…'
    case 'taken':
      return 'Another device is this lab’s receiving end. Once it has left, this one takes its place.'
    case 'away':
      return 'The lab’s page has gone. If it comes back to this room, this page goes on; else open its new link.'
    case 'here':
      return progress
        ? `Run ${progress.number} of ${progress.of}: ${markOf(progress.contender).name}, ${progress.network}, ${progress.picture}`
        : 'Connected. Nothing runs now; the lab’s page starts it.'
  }
}
