import { createHmac } from 'node:crypto'

import { isTurn } from '@/lib/signalling/messages'
import type { IceServer, Paths } from '@/lib/signalling/messages'

import type { Place, TokenSeal } from './tokens'

/** What the settings say about paths that are not direct. */
export interface PathSettings {
  /** For RTCPeerConnection; a TURN server without credential gets temporary ones under `turnSecret`. */
  readonly iceServers: readonly IceServer[]
  /** coturn's `static-auth-secret`. */
  readonly turnSecret: string | undefined
  readonly turnTtlSeconds: number
  /** Whether this server passes sealed packets on. */
  readonly relay: boolean
}

export interface PathIssuer {
  issue(place: Place, nowMs: number): { readonly paths: Paths; readonly renewAtMs: number }
}

export interface PathIssuerOptions extends PathSettings {
  /** Makes the relay's tickets; not the seal of the tokens, so that neither is taken for the other. */
  readonly tickets: TokenSeal
  readonly relayPacketBytes: number
}

export function createPathIssuer(options: PathIssuerOptions): PathIssuer {
  const { iceServers, turnSecret, turnTtlSeconds, relay, tickets, relayPacketBytes } = options
  const isTemporary = (server: IceServer): boolean =>
    turnSecret !== undefined && isTurn(server) && server.credential === undefined
  return {
    issue(place, nowMs) {
      const expiresAtSeconds = Math.floor(nowMs / 1000) + turnTtlSeconds
      const temporary =
        turnSecret === undefined ? {} : turnCredentials(turnSecret, place.id, expiresAtSeconds)
      return {
        paths: {
          iceServers: iceServers.map((server) =>
            isTemporary(server) ? { ...server, ...temporary } : server,
          ),
          relay: relay ? { ticket: tickets.seal(place), packetBytes: relayPacketBytes } : null,
        },
        // Half the time: a connection that is opened with the last of it still has as much to live.
        renewAtMs: iceServers.some(isTemporary) ? nowMs + (turnTtlSeconds * 1000) / 2 : Infinity,
      }
    },
  }
}

/**
 * A name and a credential that a TURN server with the same secret takes until the time in the name: coturn's
 * `use-auth-secret` (draft-uberti-behave-turn-rest-00, section 2.2).
 */
export function turnCredentials(
  secret: string,
  memberId: string,
  expiresAtSeconds: number,
): { username: string; credential: string } {
  const username = `${expiresAtSeconds}:${memberId}`
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') }
}
