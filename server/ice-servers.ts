import { ICE_SERVERS_MAX, iceServerSchema, isTurn } from '@/lib/signalling/messages'
import type { IceServer } from '@/lib/signalling/messages'

const EXAMPLE = '[{"urls":"turn:turn.example:3478"}]'

/**
 * Reads ICE_SERVERS: a JSON list as RTCPeerConnection takes it. A TURN server needs a username and a credential
 * there, or the secret by which we make temporary ones. The error is one line that says what is wrong with which.
 */
export function readIceServers(
  text: string | undefined,
  turnSecret: string | undefined,
): { readonly iceServers: readonly IceServer[] } | { readonly error: string } {
  if (text === undefined) {
    return turnSecret === undefined
      ? { iceServers: [] }
      : { error: `TURN_SECRET must come with a TURN server in ICE_SERVERS, such as ${EXAMPLE}.` }
  }
  const list = parseJson(text)
  if (!Array.isArray(list)) return { error: `ICE_SERVERS must be a JSON list such as ${EXAMPLE}.` }
  if (list.length > ICE_SERVERS_MAX)
    return { error: `ICE_SERVERS must have at most ${ICE_SERVERS_MAX} entries, not ${list.length}.` }
  const iceServers: IceServer[] = []
  for (const [index, entry] of list.entries()) {
    const { data, error } = iceServerSchema.safeParse(entry)
    if (error) {
      const field = error.issues[0]?.path[0]
      const what = field === undefined ? 'is no object' : `has no right "${String(field)}"`
      return { error: `ICE_SERVERS must be a list such as ${EXAMPLE}: entry ${index + 1} ${what}.` }
    }
    const hasLogin = data.username !== undefined && data.credential !== undefined
    if (isTurn(data) && !hasLogin && (turnSecret === undefined || data.credential !== undefined)) {
      return {
        error: `ICE_SERVERS must give entry ${index + 1} a username and a credential, or TURN_SECRET must be set.`,
      }
    }
    iceServers.push(data)
  }
  if (turnSecret !== undefined && !iceServers.some((server) => isTurn(server) && !server.credential))
    return { error: 'TURN_SECRET must have a TURN server without credential in ICE_SERVERS to serve.' }
  return { iceServers }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
