import { isErrorCode } from '@/lib/protocol/errors'
import type { ErrorCode } from '@/lib/protocol/errors'

import type { OpenSocket } from './connection'
import type { Role } from './messages'
import { offeredProtocols, RELAY_PATH, ROLES } from './messages'
import { parseStoredPlace } from './place'
import type { StoredPlace, TokenStore } from './place'
import type { OpenRelaySocket } from './relay-client'

const SOCKET_PATH = '/ws'
const INSTANCE_BYTES = 8

/** Opens a socket to the server that this page came from. */
export const openBrowserSocket: OpenSocket = (handlers, request) => {
  const socket = new WebSocket(socketUrl(SOCKET_PATH), offeredProtocols(request))
  socket.onopen = () => handlers.onOpen()
  socket.onmessage = (event: MessageEvent<unknown>) => handlers.onMessage(event.data)
  socket.onclose = (event) => handlers.onClose(event.code)
  return socket
}

/** Opens a socket to the relay of the same server. */
export const openBrowserRelaySocket: OpenRelaySocket = (handlers) => {
  const socket = new WebSocket(socketUrl(RELAY_PATH))
  socket.binaryType = 'arraybuffer'
  socket.onopen = () => handlers.onOpen()
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) handlers.onFrame(new Uint8Array(data))
    else if (typeof data === 'string') handlers.onText(data)
  }
  socket.onclose = (event) => handlers.onClose(event.code)
  return {
    get bufferedAmount() {
      return socket.bufferedAmount
    },
    send(data) {
      // A socket that is still opening throws; one that is closing swallows.
      if (socket.readyState === WebSocket.OPEN) socket.send(data)
    },
    close: (code) => socket.close(code),
  }
}

/** This tab's memory; without sessionStorage (blocked, full) a reload joins anew. */
export function createTabTokenStore(role: Role, purpose: 'pictures' | 'lab' = 'pictures'): TokenStore {
  // A tab that goes from /receive to the lab is not to take its senders along.
  const key = purpose === 'lab' ? `shoal.place.lab.${role}` : `shoal.place.${role}`
  let kept: StoredPlace | null = null
  return {
    load: () => parseStoredPlace(quietly(() => window.sessionStorage.getItem(key)) ?? null) ?? kept,
    save(place) {
      kept = place
      quietly(() => window.sessionStorage.setItem(key, JSON.stringify(place)))
    },
    clear() {
      kept = null
      quietly(() => window.sessionStorage.removeItem(key))
    },
  }
}

/** This tab comes back to no place in the room, in whatever role it was there. */
export function dropPlaces(room: string): void {
  for (const role of ROLES) {
    const places = createTabTokenStore(role)
    if (places.load()?.room === room) places.clear()
  }
}

/** Names this load of the page. */
export function createInstance(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(INSTANCE_BYTES))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Asks over HTTP why the server refuses our socket; POST, because then the browser says where the page is from. */
export async function explainRefusal(): Promise<ErrorCode | null> {
  const response = await fetch(SOCKET_PATH, { method: 'POST', cache: 'no-store' })
  const body: unknown = await response.json()
  return typeof body === 'object' && body !== null && 'error' in body && isErrorCode(body.error)
    ? body.error
    : null
}

/** Calls `nudge` when the network comes back or the page is looked at again; returns what stops it. */
export function nudgeOnReturn(nudge: () => void): () => void {
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') nudge()
  }
  const events = ['online', 'pageshow'] as const
  for (const event of events) window.addEventListener(event, nudge)
  document.addEventListener('visibilitychange', onVisible)
  return () => {
    for (const event of events) window.removeEventListener(event, nudge)
    document.removeEventListener('visibilitychange', onVisible)
  }
}

function socketUrl(path: string): string {
  const { protocol, host } = window.location
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${path}`
}

function quietly<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
