import { ERROR_CATALOGUE } from '@/lib/protocol/errors'
import type { ErrorCode } from '@/lib/protocol/errors'

import { Notice } from './notice'

/** The signalling server is gone for the moment; the pictures do not need it. Says what the room's card leaves out then. */
export function Reconnecting({
  busy,
  errorCode,
  chat = false,
}: {
  busy: boolean
  errorCode: ErrorCode | null
  /** The page has messages too. */
  chat?: boolean
}) {
  return (
    <Notice tone="warn" title="Reconnecting to the server…">
      {busy
        ? 'Pictures under way go on: they do not pass through the server.'
        : 'Devices that are connected stay connected. New ones can join once the server is back.'}{' '}
      {chat && 'Messages for others wait here. '}
      {errorCode && ERROR_CATALOGUE[errorCode].nextStep}
    </Notice>
  )
}
