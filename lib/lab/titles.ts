import type { Contender } from './experiment'

/** Contenders as a list or a legend names them; `verdict.ts` has them as words of a sentence. */
export const CONTENDER_TITLES: Readonly<Record<Contender, string>> = {
  assured: 'Assured',
  'assured-1': 'Assured, 1 lane',
  classic: 'Classic',
  repair: 'Repair',
  reliable: 'Reliable channel',
  'retransmits-1': '1 retransmission',
  'retransmits-3': '3 retransmissions',
  lifetime: 'Lifetime 500 ms',
  rtp: 'RTP video',
  ws: 'WebSocket (TCP)',
}
