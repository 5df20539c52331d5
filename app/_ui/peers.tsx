import { Lock, LockOpen } from 'lucide-react'

import type { PeerView } from '@/lib/room/types'

/** Who is in the room on the other side, and how the link to each is. */
export function Peers({ peers, nobody }: { peers: readonly PeerView[]; nobody: string }) {
  return (
    <div>
      {peers.length === 0 ? (
        <p className="text-muted">{nobody}</p>
      ) : (
        <ul aria-label="Connected to" className="flex flex-wrap gap-1.5">
          {peers.map((peer) => (
            <li
              key={peer.id}
              data-testid="peer"
              data-verified={peer.link === 'open' ? (peer.verified ?? undefined) : undefined}
              className={`flex min-w-0 flex-wrap items-center gap-x-2 rounded-2xl px-3 py-1 text-base ${
                peer.link === 'open' ? 'bg-accent-soft text-accent-ink' : 'bg-sunken text-muted'
              }`}
            >
              <span className="min-w-0 [overflow-wrap:anywhere]">{peer.name}</span>
              {describe(peer) && <span className="shrink-0 text-sm">{describe(peer)}</span>}
              <VerifiedMark peer={peer} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** A lock, closed or open, with the words beside it. */
function VerifiedMark({ peer }: { peer: PeerView }) {
  if (peer.link !== 'open' || peer.verified === null) return null
  const Icon = peer.verified ? Lock : LockOpen
  return (
    <span className={`flex shrink-0 items-center gap-1 text-sm ${peer.verified ? '' : 'text-warn'}`}>
      <Icon aria-hidden="true" className="size-3.5" />
      {peer.verified ? 'verified by the link' : 'not verified'}
    </span>
  )
}

function describe(peer: PeerView): string | null {
  if (peer.link === 'connecting') return 'connecting…'
  if (peer.link === 'lost') return 'no link'
  return peer.away ? 'away' : null
}
