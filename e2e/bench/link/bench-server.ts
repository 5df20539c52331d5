/**
 * Runs on the sender's host, beside Shoal: the pages of the contenders that are not Shoal, the pictures they carry, and
 * the server that a WebSocket's bytes go through.
 *
 * usage: bench-server.ts PORT FOLDER_OF_PICTURES
 */
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { basename, join } from 'node:path'

import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'

const PAGES = join(import.meta.dirname, 'pages')
const PAGE = '<!doctype html><title>bench</title><script type="module" src="/pages/contenders.mjs"></script>'

const [port = '', pictures = ''] = process.argv.slice(2)

const server = createServer((request, response) => {
  const path = request.url ?? '/'
  if (path.startsWith('/pages/')) {
    response.setHeader('Content-Type', 'text/javascript')
    createReadStream(join(PAGES, basename(path))).pipe(response)
  } else if (path.startsWith('/pictures/')) {
    createReadStream(join(pictures, basename(path))).pipe(response)
  } else if (path === '/endless') {
    pour(response)
  } else {
    response.setHeader('Content-Type', 'text/html')
    response.end(PAGE)
  }
})

/** Bytes for as long as the other end takes them. */
function pour(response: ServerResponse): void {
  const piece = randomBytes(64 * 1024)
  const fill = (): void => {
    while (!response.destroyed && response.write(piece));
  }
  response.on('drain', fill)
  fill()
}

/** Sockets that wait for their other end, by its path. */
const waiting = new Map<string, WebSocket>()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })

/** Both ends of a pair connect to the same path; what one sends the other gets. */
sockets.on('connection', (socket, request) => {
  const url = request.url ?? '/'
  const other = waiting.get(url)
  if (!other) {
    waiting.set(url, socket)
    socket.on('close', () => {
      if (waiting.get(url) === socket) waiting.delete(url)
    })
    return
  }
  waiting.delete(url)
  forward(socket, other)
  forward(other, socket)
  // Tells both ends that the way is open.
  socket.send('open')
  other.send('open')
})

function forward(from: WebSocket, to: WebSocket): void {
  from.on('message', (data: Buffer, isBinary) => to.send(data, { binary: isBinary }))
  from.on('close', () => to.close())
}

server.listen(Number(port), () => process.stdout.write('ready\n'))
