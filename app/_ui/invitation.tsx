'use client'

import { Share2 } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'

import { invitationOrigin } from '@/lib/react/invitation'
import { usePageOrigin } from '@/lib/react/use-page-origin'
import type { RoomState } from '@/lib/room/types'

import { Button } from './button'
import { CopyButton } from './copy-button'
import { FIELD, LABEL } from './field'
import { Notice } from './notice'
import { QrCode } from './qr-code'

/** The link and the QR into this room, at an address that other devices can reach; with `hideQr` a phone shows the link alone. */
export function Invitation({
  room,
  hideQr,
  linkAt,
}: {
  room: Pick<RoomState, 'addresses' | 'code' | 'secret'>
  hideQr: boolean
  /** The whole link at an origin, for instance of `/send`. */
  linkAt: (origin: string, room: { readonly code: string; readonly secret: string | null }) => string
}) {
  const pageOrigin = usePageOrigin()
  const [chosen, setChosen] = useState<string | null>(null)
  const canShare = useCanShare()
  const origin = invitationOrigin(room.addresses, chosen, pageOrigin)
  const { code, secret } = room
  const link = origin && code ? linkAt(origin, { code, secret }) : null

  if (room.code && !link) {
    return (
      <div className="mt-4">
        <Notice tone="warn" title="No other device can reach this computer.">
          It is on no network, or Shoal was told to listen here only. Join a Wi-Fi or plug in a cable and
          reload; another tab on this computer can still use the code. <a data-testid="room-link" />
        </Notice>
      </div>
    )
  }
  return (
    <>
      <div className={`mt-4 ${hideQr ? 'max-lg:hidden' : ''}`}>
        <QrCode text={link} />
        <p className="mt-3 text-center text-base text-muted">Scan with a phone’s camera</p>
      </div>
      <div className="mt-4 space-y-3">
        {link ? (
          <a
            data-testid="room-link"
            href={link}
            className="flex min-h-11 flex-wrap content-center justify-center rounded-xl py-2 text-base text-accent-ink underline decoration-1 underline-offset-4"
          >
            <ShownLink link={link} code={code ?? ''} />
          </a>
        ) : (
          <p className="h-11 animate-pulse rounded-xl bg-sunken" />
        )}
        {room.addresses.length > 1 && (
          <label className={`block ${hideQr ? 'max-lg:hidden' : ''}`}>
            <span className={LABEL}>Address for the link</span>
            <select
              className={FIELD}
              value={origin ?? ''}
              onChange={(event) => setChosen(event.target.value)}
            >
              {room.addresses.map((address) => (
                <option key={address.origin} value={address.origin}>
                  {shortAddress(address.origin)} · {address.label}
                </option>
              ))}
            </select>
          </label>
        )}
        <div className={`flex gap-2 ${hideQr ? 'max-lg:hidden' : ''}`}>
          <CopyButton className="flex-1" text={() => link ?? ''}>
            Copy link
          </CopyButton>
          {canShare && (
            <Button
              className="flex-1"
              onClick={() => {
                // A share sheet that is closed again rejects; that is no error.
                if (link) navigator.share({ title: 'Shoal', url: link }).catch(() => undefined)
              }}
            >
              <Share2 aria-hidden="true" />
              Share
            </Button>
          )}
        </div>
      </div>
    </>
  )
}

/** Without the secret, and with the code on one line. */
function ShownLink({ link, code }: { link: string; code: string }) {
  const end = link.indexOf(code)
  const [parameter = ''] = /[^/?]*$/.exec(link.slice(0, end)) ?? []
  return (
    <>
      <span className="[overflow-wrap:anywhere]">{shortAddress(link.slice(0, end - parameter.length))}</span>
      <span className="whitespace-nowrap">{parameter + code}</span>
    </>
  )
}

function shortAddress(origin: string): string {
  return origin.replace(/^https?:\/\//, '')
}

function useCanShare(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => 'share' in navigator,
    () => false,
  )
}
