import type { LaneRoutes } from '@/lib/peer/simple-peer-lane'
import type { IceServer } from '@/lib/signalling/paths'

/** What lanes may use of the paths that the server names. */
export function laneRoutes(iceServers: readonly IceServer[], turnOnly: boolean): LaneRoutes {
  // Written out: an absent name and `undefined` are two things to the type, and one to the browser.
  const servers = iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  }))
  return { iceServers: servers, turnOnly }
}
