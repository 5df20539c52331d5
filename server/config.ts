import { resolve } from 'node:path'

import { readIceServers } from './ice-servers'
import { DEFAULT_LIMITS } from './limits'
import type { Limits } from './limits'
import type { PathSettings } from './paths'

/** What the environment and the command line say; docs/signalling.md has the table. */
export interface Config {
  readonly port: number
  /** undefined: every interface. */
  readonly host: string | undefined
  readonly dev: boolean
  readonly dataDir: string
  /** An origin without a path, such as `https://shoal.example`. */
  readonly publicUrl: string | undefined
  /** Origins other than the server's own whose pages may open a socket. */
  readonly allowedOrigins: readonly string[]
  /** Believe X-Forwarded-* because a proxy of ours sets them. */
  readonly trustProxy: boolean
  readonly limits: Limits
  readonly paths: PathSettings
  /** Emulated networks may be asked for. */
  readonly lab: boolean
}

const DEFAULT_PORT = 3000
/** As long as a room lives: nobody's credential runs out while they use it. */
const TURN_TTL_DEFAULT_SECONDS = DEFAULT_LIMITS.roomMaxAgeMs / 1000
const TURN_TTL_MIN_SECONDS = 60
const MEBIBYTE = 1024 * 1024

/** Reads the settings; the error is one line that names the variable and what it may be. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): { readonly config: Config } | { readonly error: string } {
  const set = (name: string): string | undefined => env[name]?.trim() || undefined
  const port = numberIn(set('PORT') ?? String(DEFAULT_PORT), 0, 65535)
  if (port === null) return { error: `PORT must be a number from 0 to 65535, not "${env['PORT']}".` }

  const publicUrl = set('PUBLIC_URL')
  const publicOrigin = publicUrl === undefined ? undefined : httpOrigin(publicUrl)
  if (publicOrigin === null) {
    return { error: `PUBLIC_URL must be an address such as https://shoal.example, not "${publicUrl}".` }
  }

  const allowedOrigins = []
  for (const entry of (set('ALLOWED_ORIGINS') ?? '').split(',').filter((text) => text.trim() !== '')) {
    const origin = httpOrigin(entry.trim())
    if (origin === null) {
      return {
        error: `ALLOWED_ORIGINS must list addresses such as https://shoal.example, not "${entry.trim()}".`,
      }
    }
    allowedOrigins.push(origin)
  }
  if (publicOrigin !== undefined) allowedOrigins.push(publicOrigin)

  const joins = set('SHOAL_JOINS_PER_MINUTE')
  const joinsPerMinute = numberIn(joins ?? String(DEFAULT_LIMITS.joinsPerMinute), 1, 1_000_000)
  if (joinsPerMinute === null)
    return { error: `SHOAL_JOINS_PER_MINUTE must be a number from 1, not "${joins}".` }

  const paths = readPaths(set)
  if ('error' in paths) return paths

  const relayMebibytes = numberIn(
    set('RELAY_ROOM_MB') ?? String(DEFAULT_LIMITS.relayRoomBytes / MEBIBYTE),
    1,
    1_000_000,
  )
  if (relayMebibytes === null)
    return { error: `RELAY_ROOM_MB must be a number from 1, not "${set('RELAY_ROOM_MB')}".` }

  return {
    config: {
      port,
      host: set('HOST'),
      dev: argv.includes('--dev'),
      dataDir: resolve(set('SHOAL_DATA_DIR') ?? '.shoal'),
      publicUrl: publicOrigin,
      allowedOrigins,
      trustProxy: isOn(set('TRUST_PROXY')),
      limits: { ...DEFAULT_LIMITS, joinsPerMinute, relayRoomBytes: relayMebibytes * MEBIBYTE },
      paths,
      lab: argv.includes('--lab') || isOn(set('SHOAL_LAB')),
    },
  }
}

function readPaths(set: (name: string) => string | undefined): PathSettings | { readonly error: string } {
  const turnSecret = set('TURN_SECRET')
  const read = readIceServers(set('ICE_SERVERS'), turnSecret)
  if ('error' in read) return read
  const ttl = set('TURN_TTL_SECONDS')
  const turnTtlSeconds = numberIn(
    ttl ?? String(TURN_TTL_DEFAULT_SECONDS),
    TURN_TTL_MIN_SECONDS,
    TURN_TTL_DEFAULT_SECONDS,
  )
  if (turnTtlSeconds === null) {
    const range = `${TURN_TTL_MIN_SECONDS} to ${TURN_TTL_DEFAULT_SECONDS}`
    return { error: `TURN_TTL_SECONDS must be a number from ${range}, not "${ttl}".` }
  }
  const relay = set('RELAY')
  return {
    iceServers: read.iceServers,
    turnSecret,
    turnTtlSeconds,
    relay: relay === undefined || isOn(relay),
  }
}

function numberIn(text: string, least: number, most: number): number | null {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN
  return value >= least && value <= most ? value : null
}

function httpOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, origin } = new URL(text)
  return protocol === 'http:' || protocol === 'https:' ? origin : null
}

function isOn(text: string | undefined): boolean {
  return text !== undefined && !['0', 'false', 'no', 'off'].includes(text.toLowerCase())
}
