import type { ErrorCode } from '@/lib/protocol/errors'
import { ERROR_CATALOGUE } from '@/lib/protocol/errors'
import type { RoomState } from '@/lib/room/types'
import type { TransferView } from '@/lib/transfer/types'

import { formatNames } from './format'
import { isActive, newestActive } from './transfer-choice'

/** The one state of a page, as `data-state` of the status line shows it. */
export type PageState =
  | 'idle'
  | 'connecting'
  | 'ready'
  | 'sending'
  | 'receiving'
  | 'repairing'
  | 'done'
  | 'incomplete'
  | 'failed'
  | 'cancelled'

export interface PageStatus {
  readonly state: PageState
  readonly errorCode: ErrorCode | null
  /** One short sentence for people and screen readers; it changes with the state, never with the figures. */
  readonly text: string
}

/** What the sender's page knows apart from the room. */
export interface OutboxFacts {
  /** Transfers of the picture that is picked now. */
  readonly batchKeys: readonly string[]
  /** Why the picked file cannot be sent. */
  readonly fileError: ErrorCode | null
  /** What is wrong with a file that can be sent all the same. */
  readonly fileWarning: ErrorCode | null
  /** Someone was connected, and nobody is in the room now. */
  readonly gone: boolean
  /** Send was pressed and waits for this. */
  readonly armedFor: 'receiver' | 'picture' | null
}

/** /receive: a running transfer wins, then the one that finished last, then the room. */
export function receiverStatus(room: RoomState, lastFinishedKey: string | null): PageStatus {
  const active = newestActive(room.transfers)
  if (active) return activeStatus(active, 'receiving')
  const finished = room.transfers.find((transfer) => transfer.key === lastFinishedKey)
  if (finished) return finishedStatus(finished, finished.state)
  const problem = noWayToAnyone(room)
  return roomStatus(problem && !room.errorCode ? { ...room, errorCode: problem } : room, {
    idle: 'Not listening yet.',
    connecting: 'Opening the room…',
    waiting: 'ready',
    waitingText: problem ? ERROR_CATALOGUE[problem].message : 'Listening. Waiting for a sender.',
    ready: (names) => `Listening. Connected to ${names}.`,
  })
}

/** /room: as /receive, since a member listens from the start; somebody to talk to is not needed for that. */
export function memberStatus(room: RoomState, lastFinishedKey: string | null): PageStatus {
  const active = newestActive(room.transfers)
  if (active) return activeStatus(active, active.direction === 'send' ? 'sending' : 'receiving')
  const finished = room.transfers.find((transfer) => transfer.key === lastFinishedKey)
  if (finished && room.phase === 'joined') return finishedStatus(finished, finished.state)
  if (room.phase === 'reconnecting') {
    return { state: 'ready', errorCode: room.errorCode, text: 'Reconnecting. Messages wait here.' }
  }
  const problem = noWayToAnyone(room)
  return roomStatus(problem && inRoom(room) && !room.errorCode ? { ...room, errorCode: problem } : room, {
    idle: 'Not in a room yet.',
    connecting: 'Joining the room…',
    waiting: 'ready',
    waitingText: problem ? ERROR_CATALOGUE[problem].message : 'Nobody else is here yet.',
    ready: (names) => `Connected to ${names}.`,
  })
}

/** /send: a running transfer wins, then the picked file and its transfers, then the room. */
export function senderStatus(room: RoomState, outbox: OutboxFacts): PageStatus {
  const active = newestActive(room.transfers)
  if (active) return activeStatus(active, 'sending')
  if (outbox.fileError) return failed(outbox.fileError, ERROR_CATALOGUE[outbox.fileError].message)
  const batch = room.transfers.filter((transfer) => outbox.batchKeys.includes(transfer.key))
  const worst = FROM_WORST.map((state) => batch.find((transfer) => transfer.state === state)).find(Boolean)
  if (worst) return finishedStatus(worst, worst.state)
  const trouble = outbox.gone ? 'SHOAL_PEER_GONE' : noWayToAnyone(room)
  const status = roomStatus(
    trouble && inRoom(room) && !room.errorCode ? { ...room, errorCode: trouble } : room,
    {
      idle: 'Not connected yet.',
      connecting: 'Joining the room…',
      waiting: 'connecting',
      waitingText: trouble ? ERROR_CATALOGUE[trouble].message : 'In the room. Waiting for a receiver…',
      ready: (names) => `Connected to ${names}.`,
    },
  )
  if (status.state === 'failed') return status
  const errorCode = outbox.fileWarning ?? status.errorCode
  if (outbox.armedFor === 'receiver')
    return { ...status, errorCode, text: 'Will be sent as soon as a receiver is connected.' }
  if (outbox.armedFor === 'picture')
    return { ...status, errorCode, text: 'Will be sent as soon as the picture is ready.' }
  return { ...status, errorCode }
}

/** What is wrong with the signals of someone who cannot be connected to. */
export function signalProblem({ peers }: Pick<RoomState, 'peers'>): ErrorCode | null {
  return peers.find((peer) => peer.problem !== null)?.problem ?? null
}

/** Why nobody who is there can be connected to; while somebody can, it is not the status of the page. */
function noWayToAnyone(room: RoomState): ErrorCode | null {
  if (room.peers.some((peer) => peer.link === 'open')) return null
  return signalProblem(room) ?? (hasNoPath(room) ? 'SHOAL_CONNECT_FAILED' : null)
}

/** Everyone is there, and none can be reached: a firewall, or isolation in the Wi-Fi. */
function hasNoPath({ peers }: RoomState): boolean {
  return peers.length > 0 && peers.every((peer) => peer.link === 'lost' && !peer.away)
}

const FROM_WORST = ['failed', 'incomplete', 'cancelled', 'done'] as const

/** Short words for one transfer, also used on its card. */
export function transferText(transfer: TransferView): string {
  return isActive(transfer)
    ? activeStatus(transfer, transfer.direction === 'send' ? 'sending' : 'receiving').text
    : finishedStatus(transfer, transfer.state).text
}

/** That a heavy picture is shown by a copy, or about to be; null where it is shown itself. */
export function copyText({ state, picture }: TransferView): string | null {
  if (state !== 'done' || !picture || (picture.url !== null && !picture.isCopy)) return null
  const what = picture.isCopy
    ? 'Shown as a lighter copy, drawn for the screen.'
    : 'A lighter copy for the screen is being drawn.'
  return `${what} Save has the picture itself, byte for byte.`
}

/** Whether it was this page that cancelled. */
export function cancelledHere({ direction, errorCode }: TransferView): boolean {
  return errorCode === (direction === 'send' ? 'SHOAL_CANCELLED_BY_SENDER' : 'SHOAL_CANCELLED_BY_RECEIVER')
}

function activeStatus(transfer: TransferView, fallback: 'sending' | 'receiving'): PageStatus {
  const who = transfer.direction === 'send' ? `to ${transfer.peerName}` : `from ${transfer.peerName}`
  if (transfer.interrupted) {
    const state = transfer.state === 'repairing' ? 'repairing' : fallback
    return { state, errorCode: null, text: `Waiting for ${transfer.peerName} to come back…` }
  }
  switch (transfer.state) {
    case 'sending':
      return { state: 'sending', errorCode: null, text: `Sending ${who}…` }
    case 'receiving':
      return { state: 'receiving', errorCode: null, text: `Receiving ${who}…` }
    case 'repairing':
      return { state: 'repairing', errorCode: null, text: `Repairing the picture ${who}…` }
    default:
      return {
        state: fallback,
        errorCode: null,
        text: transfer.direction === 'send' ? `Asking ${transfer.peerName}…` : `Receiving ${who}…`,
      }
  }
}

function finishedStatus(transfer: TransferView, state: TransferView['state']): PageStatus {
  const verb = transfer.direction === 'send' ? 'sending' : 'receiving'
  const reason = transfer.errorCode ? ERROR_CATALOGUE[transfer.errorCode].message : null
  switch (state) {
    case 'done':
      return {
        state: 'done',
        errorCode: null,
        text: `Image ${transfer.direction === 'send' ? 'sent' : 'received'} successfully!`,
      }
    case 'incomplete': {
      const code = transfer.errorCode ?? 'SHOAL_INCOMPLETE'
      return {
        state: 'incomplete',
        errorCode: code,
        text: `Error ${verb} image: ${ERROR_CATALOGUE[code].message}`,
      }
    }
    case 'cancelled':
      return {
        state: 'cancelled',
        errorCode: transfer.errorCode,
        text: cancelledHere(transfer) ? 'You cancelled.' : (reason ?? 'Cancelled.'),
      }
    default: {
      const code = transfer.errorCode ?? 'SHOAL_INTERNAL'
      return failed(code, `Error ${verb} image: ${ERROR_CATALOGUE[code].message}`)
    }
  }
}

interface RoomWords {
  readonly idle: string
  readonly connecting: string
  readonly waiting: 'ready' | 'connecting'
  readonly waitingText: string
  readonly ready: (names: string) => string
}

function roomStatus(room: RoomState, words: RoomWords): PageStatus {
  const errorCode = room.errorCode
  switch (room.phase) {
    case 'idle':
    case 'left':
      return { state: 'idle', errorCode, text: words.idle }
    case 'connecting':
      return { state: 'connecting', errorCode, text: words.connecting }
    case 'failed': {
      const code = errorCode ?? 'SHOAL_INTERNAL'
      return failed(code, ERROR_CATALOGUE[code].message)
    }
    case 'joined':
    case 'reconnecting': {
      const open = room.peers.filter((peer) => peer.link === 'open')
      if (open.length > 0) {
        return { state: 'ready', errorCode, text: words.ready(formatNames(open.map((peer) => peer.name))) }
      }
      const opening = room.peers.filter((peer) => peer.link === 'connecting' && peer.problem === null)
      if (opening.length === 0) return { state: words.waiting, errorCode, text: words.waitingText }
      return {
        state: words.waiting,
        errorCode,
        text: `Connecting to ${formatNames(opening.map((peer) => peer.name))}…`,
      }
    }
  }
}

function inRoom(room: RoomState): boolean {
  return room.phase === 'joined' || room.phase === 'reconnecting'
}

function failed(errorCode: ErrorCode, text: string): PageStatus {
  return { state: 'failed', errorCode, text }
}
