import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { banner } from './banner'
import { readConfig } from './config'
import type { Config } from './config'
import { loadSigningKey } from './key-file'
import { hurry } from './lab/priority'
import { startNextPages } from './next-pages'
import { whenParentIsGone } from './parent-watch'
import { createShoalServer } from './shoal-server'
import type { ShoalServer } from './shoal-server'

const ROOT = join(import.meta.dirname, '..')
/** Past this a shutdown is no longer worth waiting for. */
const SHUTDOWN_MAX_MS = 2000

async function main(): Promise<void> {
  const read = readConfig(process.env, process.argv.slice(2))
  if ('error' in read) throw new Error(read.error)
  const { config } = read
  process.env['NEXT_TELEMETRY_DISABLED'] ??= '1'
  Object.assign(process.env, { NODE_ENV: config.dev ? 'development' : 'production' })

  const server = createShoalServer({
    ...config,
    signingKey: loadSigningKey(config.dataDir),
    startPages: (port) => startNextPages({ dir: ROOT, dev: config.dev, host: config.host, port }),
    version: version(),
  })
  const port = await listen(server, config)
  if (config.lab) hurry()
  closeOnSignal(server)
  await server.ready()
  process.stdout.write(`${banner({ addresses: server.addresses(), port, colours: process.stdout.isTTY })}\n`)
}

async function listen(server: ShoalServer, { port, host }: Config): Promise<number> {
  try {
    return await server.listen()
  } catch (error) {
    throw new Error(listenFailure(error, port, host ?? 'every interface'), { cause: error })
  }
}

function listenFailure(error: unknown, port: number, host: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return `port ${port} is taken. Stop what uses it, or choose another: PORT=3001 npm start`
  if (code === 'EACCES')
    return `port ${port} may not be used by this account. Choose one above 1023: PORT=3000 npm start`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST ${host} is no address of this computer.`
  return `the server cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}`
}

function closeOnSignal(server: ShoalServer): void {
  let closing = false
  const close = (): void => {
    if (closing) return
    closing = true
    setTimeout(() => process.exit(0), SHUTDOWN_MAX_MS).unref()
    void server.close().finally(() => process.exit(0))
  }
  process.on('SIGINT', close)
  process.on('SIGTERM', close)
  // Only there: who starts the server by hand in the background may close that terminal.
  if (process.env['npm_lifecycle_event']) whenParentIsGone(close)
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const stated =
    typeof manifest === 'object' && manifest && 'version' in manifest ? manifest.version : undefined
  return typeof stated === 'string' ? stated : 'unknown'
}

main().catch((error: unknown) => {
  process.stderr.write(`shoal: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
