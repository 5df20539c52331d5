import type { OpenLane } from '@/lib/peer/lane'
import { Link } from '@/lib/peer/link'
import { openSimplePeerLane } from '@/lib/peer/simple-peer-lane'
import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import { browserSight } from '@/lib/transfer/browser-sight'
import { createDigestService, type DigestService } from '@/lib/transfer/digest'
import { createErasureCode, type ErasureCode } from '@/lib/transfer/erasure-code'
import { Transfers } from '@/lib/transfer/transfers'

import type { EndOptions } from './carriage'

/** What the other end is called among this one's peers: there is no other. */
export const OTHER_END = 'other'
/** Each lane is a connection that has to be made over the emulated path; what a lossy one needs, and more. */
export const READY_MAX_MS = 60_000
const TRANSFER_ID_DIGITS = 16

export interface ShoalServices {
  readonly digest: DigestService
  readonly code: ErasureCode
}

/** With their workers started: no run waits for a script. */
export function startShoalServices(): ShoalServices {
  const digest = createDigestService()
  const code = createErasureCode()
  digest.start()
  code.start()
  return { digest, code }
}

export interface ShoalEndOptions extends EndOptions {
  readonly services: ShoalServices
  /** The sending end opens the lanes. */
  readonly initiator: boolean
  readonly newTransferId: () => string
  /** Each message of a lane, in the order in which they left or came. */
  readonly onSent?: (message: Uint8Array) => void
  readonly onArrived?: (message: Uint8Array) => void
  readonly onTransfers: () => void
  readonly onLanes: () => void
}

export interface ShoalEnd {
  readonly transfers: Transfers
  readonly link: Link
  close(): void
}

/** What a page has: its links, lanes and transfers, without a server. */
export function openShoalEnd(options: ShoalEndOptions): ShoalEnd {
  const { clock, services, initiator, through, onTransfers, onLanes } = options
  const { onSent = () => undefined, onArrived = () => undefined } = options
  const openLane: OpenLane = (laneOptions) => {
    const { onMessage } = laneOptions
    const lane = openSimplePeerLane(
      {
        ...laneOptions,
        onMessage: (message) => {
          onArrived(message)
          onMessage(message)
        },
      },
      { iceServers: [], turnOnly: false, through },
    )
    const send = lane.send.bind(lane)
    lane.send = (message) => {
      onSent(message)
      return send(message)
    }
    return lane
  }
  const transfers = new Transfers({
    clock,
    ...services,
    sight: {
      ...browserSight(clock),
      // What is on the screen is what is measured, whether anybody looks or not.
      isVisible: () => true,
    },
    maxPictureBytes: PICTURE_MAX_DEFAULT_BYTES,
    newTransferId: options.newTransferId,
    onChange: onTransfers,
  })
  const link = new Link({
    initiator,
    clock,
    openLane,
    signal: options.signal,
    onMessage: (_lane, message) => transfers.handleMessage(OTHER_END, message),
    onDrained: () => transfers.pump(OTHER_END),
    onLanesChanged: () => {
      transfers.pump(OTHER_END)
      onLanes()
    },
    onRtt: (rttMs) => {
      transfers.handleRtt(OTHER_END, rttMs)
      onTransfers()
    },
  })
  transfers.attach(OTHER_END, OTHER_END, link)
  return {
    transfers,
    link,
    close() {
      link.close()
      transfers.close()
    },
  }
}

/** Both ends know by its number which transfer a run is. */
export function transferIdOf(run: number): string {
  return run.toString(16).padStart(TRANSFER_ID_DIGITS, '0')
}
