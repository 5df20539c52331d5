import type { Contender } from '@/lib/lab/experiment'

export interface ContenderGroup {
  readonly title: string
  readonly members: readonly { readonly contender: Contender; readonly text: string }[]
}

export const CONTENDER_GROUPS: readonly ContenderGroup[] = [
  {
    title: 'Shoal’s own',
    members: [
      {
        contender: 'assured',
        text: 'Several lanes and spare packets: exact, and fast where many packets are lost.',
      },
      { contender: 'assured-1', text: 'The same over one lane: tells what the other lanes bring.' },
      { contender: 'repair', text: 'One lane; what is lost is sent again, until the picture is exact.' },
      { contender: 'classic', text: 'One pass, nothing is sent twice: shows what the network loses.' },
    ],
  },
  {
    title: 'Plain data channels',
    members: [
      { contender: 'reliable', text: 'One reliable, ordered channel: the service that TCP gives.' },
      { contender: 'retransmits-1', text: 'Unordered; a lost message is sent once more, then given up.' },
      {
        contender: 'retransmits-3',
        text: 'Unordered; a lost message is sent three times more, then given up.',
      },
      { contender: 'lifetime', text: 'Unordered; a message is sent again for half a second, then given up.' },
    ],
  },
  {
    title: 'Other ways',
    members: [
      { contender: 'rtp', text: 'As a frame of WebRTC video: a lossy copy by design.' },
      { contender: 'ws', text: 'A WebSocket, over TCP.' },
    ],
  },
]

/** Why a page cannot measure it. */
export const CANNOT_MEASURE: Partial<Readonly<Record<Contender, string>>> = {
  ws: 'TCP does not cross the emulated network, which carries UDP.',
}
