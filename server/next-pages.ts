import { createServer } from 'node:http'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import type { Pages } from './shoal-server'

export interface NextPagesOptions {
  readonly dir: string
  readonly dev: boolean
  readonly host: string | undefined
  readonly port: number
}

/** Starts Next inside this process. Throws an Error with one line for the terminal when there is no build. */
export async function startNextPages({ dir, dev, host, port }: NextPagesOptions): Promise<Pages> {
  if (!dev && !existsSync(join(dir, '.next', 'BUILD_ID'))) {
    throw new Error('there is no build of the pages yet; run `npm run build` first')
  }
  const { default: next } = await import('next')
  // Next would put its own upgrade listener on the real server and so answer for our sockets too. This one never
  // listens; it only carries to Next the upgrades that we pass on.
  const upgrades = createServer()
  const app = next({
    dev,
    dir,
    port,
    httpServer: upgrades,
    ...(host === undefined ? {} : { hostname: host }),
  })
  await app.prepare()
  const handle = app.getRequestHandler()
  return {
    handle: (request, response) => handle(request, response),
    ...(dev
      ? { upgrade: (request, stream, head) => void upgrades.emit('upgrade', request, stream, head) }
      : {}),
    close: () => app.close(),
  }
}
