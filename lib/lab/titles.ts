import type { Contender } from './experiment'

/** Contenders as a list or a legend names them; `verdict.ts` has them as words of a sentence. */
export const CONTENDER_TITLES: Readonly<Record<Contender, string>> = {
  assured: 'Assured',
  'assured-1': 'Assured, one lane',
  classic: 'Classic',
  repair: 'Repair',
  reliable: 'Reliable channel',
  'retransmits-1': 'One retransmission',
  'retransmits-3': 'Three retransmissions',
  lifetime: 'Lifetime of 0.5 s',
  rtp: 'RTP video',
  ws: 'WebSocket (TCP)',
}
