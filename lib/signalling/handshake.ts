import type { ClientMessage } from './messages'

/** The subprotocol of both ends; the server answers with the first that is offered to it. */
const SUBPROTOCOL = 'shoal.1'
const REQUEST_PREFIX = 'request.'

/**
 * The WebSocket subprotocols (RFC 6455, 1.9) that a page offers: ours, and in the spelling of one its first request, which
 * so arrives with the handshake and not a round trip after it. It is no part of the address, which proxies write down.
 */
export function offeredProtocols(request: ClientMessage): string[] {
  const text = encodeURIComponent(JSON.stringify(request)).replace(/[()]/g, (mark) =>
    mark === '(' ? '%28' : '%29',
  )
  return [SUBPROTOCOL, REQUEST_PREFIX + text]
}

/** The request in a `Sec-WebSocket-Protocol` header as JSON, not yet trusted; null when there is none. */
export function offeredRequest(header: string | undefined): string | null {
  const offered = header?.split(',').map((protocol) => protocol.trim())
  const request = offered?.find((protocol) => protocol.startsWith(REQUEST_PREFIX))
  if (request === undefined) return null
  try {
    return decodeURIComponent(request.slice(REQUEST_PREFIX.length))
  } catch {
    // It is refused as what it is: no message.
    return ''
  }
}
