import { createServer } from 'node:net'

import { Complaint } from './complaint.mjs'

const DEFAULT_PORT = 3000
const MAX_PORT = 65_535

/**
 * Says at once that the port is taken, rather than after an install and a build. The server itself checks
 * again, and judges a PORT that is no port.
 * @param {Record<string, string | undefined>} env
 * @throws {Complaint}
 */
export async function checkPort(env) {
  const port = env.PORT ? Number(env.PORT) : DEFAULT_PORT
  if (!Number.isInteger(port) || port < 0 || port > MAX_PORT) return
  const code = await tryToListen(port, env.HOST || undefined)
  if (code === 'EADDRINUSE') {
    throw new Complaint(
      `port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start`,
    )
  }
  if (code === 'EACCES') {
    throw new Complaint(
      `port ${port} may not be used by this account. Choose one above 1023: PORT=3000 npm start`,
    )
  }
}

/**
 * @param {number} port
 * @param {string | undefined} host
 * @returns {Promise<string | null>} the error's code
 */
function tryToListen(port, host) {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error) => resolve('code' in error ? String(error.code) : 'unknown'))
    probe.listen({ port, host }, () => probe.close(() => resolve(null)))
  })
}
