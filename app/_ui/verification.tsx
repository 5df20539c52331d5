import type { PeerView } from '@/lib/room/types'

/** What the locks beside the connected peers mean, one short sentence for each kind. */
export function Verification({ peers }: { peers: readonly PeerView[] }) {
  const open = peers.filter((peer) => peer.link === 'open')
  const some = (verified: boolean) => open.some((peer) => peer.verified === verified)
  if (!some(true) && !some(false)) return null
  return (
    <div className="mt-3 space-y-1 text-sm text-muted">
      {some(true) && (
        <p>Verified by the link: this side has the link’s secret, which the server never sees.</p>
      )}
      {some(false) && (
        <p>Not verified: joined by the code alone, so the server could have put someone in between.</p>
      )}
    </div>
  )
}
