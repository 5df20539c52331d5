import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { networkInterfaces } from 'node:os'
import type { Duplex } from 'node:stream'

import { RELAY_PATH } from '@/lib/signalling/messages'
import type { ServerAddress } from '@/lib/signalling/messages'

import { serverAddresses } from './addresses'
import type { Interfaces } from './addresses'
import { systemClock } from './clock'
import type { Clock } from './clock'
import type { Config } from './config'
import { Hub } from './hub'
import type { SigningKey } from './key-file'
import { LAB_SOCKET_PATH, Lab } from './lab/lab'
import { createPathIssuer } from './paths'
import type { PathSettings } from './paths'
import { Relay } from './relay'
import { clientAddress, isAllowedOrigin } from './request-origin'
import { secure } from './security-headers'
import { SocketEdge } from './socket-edge'
import { refuseUpgrade } from './socket-pool'
import { createTicketSeal, createTokenSeal } from './tokens'

/** What serves the pages: Next, or a stand-in in a test. */
export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Upgrades that are not ours; in development the page's reloading. */
  upgrade?(request: IncomingMessage, stream: Duplex, head: Buffer): void
  close(): Promise<void>
}

export interface ShoalServerOptions extends Pick<
  Config,
  'port' | 'host' | 'dev' | 'publicUrl' | 'allowedOrigins' | 'trustProxy' | 'limits'
> {
  readonly signingKey: SigningKey
  /** Called once the port is ours; requests that come meanwhile wait for the pages. */
  readonly startPages: (port: number) => Promise<Pages>
  readonly version: string
  readonly clock?: Clock
  readonly interfaces?: () => Interfaces
  readonly paths?: PathSettings
  /** Emulated networks may be asked for. */
  readonly lab?: boolean
}

export interface ShoalServer {
  /** Resolves with the port once it listens; rejects with the system's error (`EADDRINUSE`…). */
  listen(): Promise<number>
  /** Resolves when the pages are served as well; rejects with what kept them from starting. */
  ready(): Promise<void>
  /** Best first. */
  addresses(): ServerAddress[]
  close(): Promise<void>
}

const SOCKET_PATH = '/ws'
const NO_OTHER_PATHS: PathSettings = {
  iceServers: [],
  turnSecret: undefined,
  turnTtlSeconds: 0,
  relay: false,
}
const HEALTH_PATH = '/healthz'
/** How long a response under way may take to finish when the server closes. */
const DRAIN_MS = 1000

/** Pages and signalling in one process on one port. Tests run it without Next by handing in `pages`. */
export function createShoalServer(options: ShoalServerOptions): ShoalServer {
  const { clock = systemClock, limits, interfaces = networkInterfaces, paths = NO_OTHER_PATHS } = options
  const startedAtMs = clock.now()
  let pages = Promise.reject<Pages>(new Error('not listening yet'))
  pages.catch(() => undefined)
  let pagesReady = false
  let port = options.port

  const tickets = createTicketSeal(options.signingKey.key)
  const hub = new Hub({
    limits,
    seal: createTokenSeal(options.signingKey.key),
    randomBytes,
    run: randomBytes(8).toString('hex'),
    restarted: options.signingKey.existed,
    startedAtMs,
    paths: createPathIssuer({ ...paths, tickets, relayPacketBytes: limits.relayPacketBytes }),
  })
  const addresses = (): ServerAddress[] =>
    serverAddresses(interfaces(), { port, host: options.host, publicUrl: options.publicUrl })
  const visitors = {
    addressOf: (request: IncomingMessage) => clientAddress(request, options.trustProxy),
    isAllowed: (request: IncomingMessage) => isAllowedOrigin(request.headers, options),
  }
  const edge = new SocketEdge({ hub, clock, limits, addresses, ...visitors })
  const relay = new Relay({
    ...{ limits, clock, seats: hub, enabled: paths.relay },
    openTicket: (ticket) => tickets.open(ticket),
    ...visitors,
  })
  const lab = new Lab({
    ...{ clock, interfaces, host: options.host, enabled: options.lab === true },
    ...visitors,
  })

  const health = (response: ServerResponse): void => {
    const uptimeSeconds = Math.floor((clock.now() - startedAtMs) / 1000)
    sendJson(response, pagesReady ? 200 : 503, {
      ok: pagesReady,
      version: options.version,
      uptimeSeconds,
      ...hub.metrics(),
    })
  }

  /** A page whose socket is refused learns why by asking here: a browser does not show it the refusal itself. */
  const explainSocket = (
    sockets: SocketEdge | Relay | Lab,
    request: IncomingMessage,
    response: ServerResponse,
  ): void => {
    const refusal = sockets.refusal(request)
    if (refusal) sendJson(response, refusal.status, { error: refusal.code })
    else if (request.method === 'POST') sendJson(response, 200, { ok: true })
    else sendJson(response, 426, { ok: true }, { Upgrade: 'websocket' })
  }

  const servePage = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await (await pages).handle(request, response)
    } catch {
      if (!response.headersSent) sendJson(response, 500, { error: 'SHOAL_INTERNAL' })
      else response.destroy()
    }
  }

  const http = createServer((request, response) => {
    secure(request, response, options)
    const path = pathOf(request)
    if (path === HEALTH_PATH) health(response)
    else if (path === SOCKET_PATH) explainSocket(edge, request, response)
    else if (path === RELAY_PATH) explainSocket(relay, request, response)
    else if (path === LAB_SOCKET_PATH) explainSocket(lab, request, response)
    else void servePage(request, response)
  })
  http.on('upgrade', (request, stream, head) => {
    const path = pathOf(request)
    if (path === SOCKET_PATH) edge.handleUpgrade(request, stream, head)
    else if (path === RELAY_PATH) relay.handleUpgrade(request, stream, head)
    else if (path === LAB_SOCKET_PATH) lab.handleUpgrade(request, stream, head)
    else void passUpgrade(pages, request, stream, head)
  })

  return {
    async listen() {
      port = await listenOn(http, options.port, options.host)
      pages = options.startPages(port)
      pages.then(
        () => (pagesReady = true),
        () => undefined,
      )
      return port
    },
    async ready() {
      await pages
    },
    addresses,
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      http.closeIdleConnections()
      await Promise.all([edge.close(), relay.close(), lab.close()])
      const cutOff = setTimeout(() => http.closeAllConnections(), DRAIN_MS)
      await closed
      clearTimeout(cutOff)
      await pages.then(
        (started) => started.close(),
        () => undefined,
      )
    },
  }
}

function listenOn(http: ReturnType<typeof createServer>, port: number, host?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      http.off('error', reject)
      const address = http.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

async function passUpgrade(
  pages: Promise<Pages>,
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
): Promise<void> {
  stream.on('error', () => stream.destroy())
  try {
    const ready = await pages
    if (ready.upgrade) ready.upgrade(request, stream, head)
    else refuseUpgrade(stream, 404)
  } catch {
    refuseUpgrade(stream, 503)
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers })
  response.end(`${JSON.stringify(body)}\n`)
}
