'use client'

import { MonitorSmartphone } from 'lucide-react'

import type { DeviceState } from '@/lib/lab/device/second-device'
import { defaultName } from '@/lib/react/default-name'
import { invitationLink } from '@/lib/react/invitation'
import { signalProblem } from '@/lib/react/page-status'
import type { RoomState } from '@/lib/room/types'

import { Invitation } from '../../_ui/invitation'
import { ErrorNotice } from '../../_ui/notice'
import { Peers } from '../../_ui/peers'
import { RoomCode } from '../../_ui/room-code'
import { Segmented } from '../../_ui/segmented'

/** Who receives: the lab's page itself, or another device. */
export type EndChoice = 'page' | 'device'

const SEGMENTS = [
  { value: 'page', title: 'This page', text: 'Both ends are here: they share one clock and one processor.' },
  {
    value: 'device',
    title: 'Second device',
    text: 'A phone or another computer receives and shows; its packets cross the emulated network too.',
  },
] as const

/** Chooses the receiving end; for a second device it shows the way there. */
export function OtherEnd({
  choice,
  onChange,
  room,
  device,
  disabled,
}: {
  choice: EndChoice
  onChange: (choice: EndChoice) => void
  /** The room of this page and the second device. */
  room: RoomState
  device: DeviceState['device']
  /** While it runs. */
  disabled: boolean
}) {
  const errorCode = room.errorCode ?? signalProblem(room)
  const waits = choice === 'device' && !device
  return (
    <section
      aria-labelledby="end-title"
      className={`card rounded-3xl p-5 sm:p-6 ${waits ? 'grid grid-cols-1 gap-x-8 sm:grid-cols-[minmax(0,1fr)_18rem]' : ''}`}
    >
      <div className="min-w-0">
        <h2 id="end-title" className="text-xl font-semibold tracking-tight">
          The receiving end
        </h2>
        <fieldset disabled={disabled} className="mt-4 max-w-xl min-w-0">
          <Segmented legend="Where the pictures go" segments={SEGMENTS} value={choice} onChange={onChange} />
        </fieldset>
        {choice === 'device' && (
          <div
            className="mt-4 space-y-4 border-t border-line pt-4 text-base"
            data-testid="lab-device"
            data-state={device ? 'here' : 'waiting'}
          >
            {errorCode && <ErrorNotice code={errorCode} tone="warn" />}
            {device ? (
              <p className="flex items-center gap-3">
                <MonitorSmartphone aria-hidden="true" className="size-5 shrink-0 text-accent-ink" />
                <span>
                  <strong className="font-semibold">{nameOf(room, device)}</strong> is the receiving end.
                </span>
              </p>
            ) : (
              <>
                <p className="text-muted">
                  Open the link on a device in the same network, and keep its page in front.
                </p>
                <div>
                  <p className="text-muted">Room code</p>
                  <RoomCode code={room.code} />
                </div>
                <Peers peers={room.peers} nobody="No device has opened it yet" />
              </>
            )}
          </div>
        )}
      </div>
      {waits && (
        <div className="min-w-0">
          <Invitation
            room={room}
            hideQr={false}
            linkAt={(origin, { code, secret }) => invitationLink(origin, code, secret, '/lab/end')}
          />
        </div>
      )}
    </section>
  )
}

function nameOf({ peers }: RoomState, { peerId, browser }: NonNullable<DeviceState['device']>): string {
  return peers.find(({ id }) => id === peerId)?.name ?? defaultName(browser)
}
