import type { TransferMode } from '@/lib/protocol/report'

import type { Contender } from '../experiment'

/** Shoal's own modes. */
export const SHOAL_MODES: Partial<Readonly<Record<Contender, TransferMode>>> = {
  assured: 'assured',
  'assured-1': 'assured',
  classic: 'classic',
  repair: 'repair',
}

/** One data channel with the reliability that RFC 8831 offers, and how the picture is cut for it. */
export interface ChannelWay {
  readonly config: RTCDataChannelInit
  /** Bytes of the picture in a message. */
  readonly messageBytes: number
  /** What is kept in the channel's buffer. */
  readonly bufferBytes: number
}

/** Before the bytes of a message: which run, and which of its messages, 32 bits each. */
export const CHANNEL_NUMBERS_BYTES = 8

/** Under 16 KiB every browser takes a message whole; TCP's service loses nothing by deep buffers. */
const RELIABLE: ChannelWay = {
  config: { ordered: true },
  messageBytes: 16 * 1024 - 8,
  bufferBytes: 1024 * 1024,
}

/** A lifetime counts from the moment when the message is handed over: a deep buffer would use it up. */
function partial(config: RTCDataChannelInit): ChannelWay {
  return { config: { ordered: false, ...config }, messageBytes: 1024, bufferBytes: 64 * 1024 }
}

/** Longer than most round trips, shorter than what a person takes for a pause. */
export const LIFETIME_MS = 500

export const CHANNEL_WAYS: Partial<Readonly<Record<Contender, ChannelWay>>> = {
  reliable: RELIABLE,
  'retransmits-1': partial({ maxRetransmits: 1 }),
  'retransmits-3': partial({ maxRetransmits: 3 }),
  lifetime: partial({ maxPacketLifeTime: LIFETIME_MS }),
}

/** Whether a page can measure it over the emulator: TCP does not cross a UDP relay. */
export function canEmulate(contender: Contender): boolean {
  return contender !== 'ws'
}
