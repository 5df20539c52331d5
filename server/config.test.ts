import { isAbsolute } from 'node:path'

import { describe, expect, it } from 'vitest'

import { readConfig } from './config'

function config(env: Record<string, string>, argv: string[] = []) {
  const read = readConfig(env, argv)
  if ('error' in read) throw new Error(read.error)
  return read.config
}

describe('the settings', () => {
  it('have defaults for everything', () => {
    const { dataDir, limits, ...others } = config({})
    expect(others).toEqual({
      ...{
        port: 3000,
        host: undefined,
        dev: false,
        publicUrl: undefined,
        allowedOrigins: [],
        trustProxy: false,
        lab: false,
      },
      paths: { iceServers: [], turnSecret: undefined, turnTtlSeconds: 86_400, relay: true },
    })
    expect(isAbsolute(dataDir) && dataDir.endsWith('.shoal')).toBe(true)
    expect(limits.joinsPerMinute).toBe(60)
  })

  it('start the lab only when asked, by --lab or by the environment', () => {
    expect(config({}, ['--lab']).lab).toBe(true)
    expect(config({ SHOAL_LAB: 'on' }).lab).toBe(true)
    expect(config({ SHOAL_LAB: 'off' }).lab).toBe(false)
  })

  it('come from the environment and --dev', () => {
    const env = {
      ...{ PORT: ' 8080 ', HOST: '127.0.0.1', SHOAL_DATA_DIR: '/data', TRUST_PROXY: '1' },
      ...{ PUBLIC_URL: 'https://shoal.example/', ALLOWED_ORIGINS: 'https://a.example, http://b.example:81,' },
      SHOAL_JOINS_PER_MINUTE: '600',
    }
    expect(config(env, ['--dev'])).toMatchObject({
      ...{ port: 8080, host: '127.0.0.1', dev: true, dataDir: '/data', trustProxy: true },
      publicUrl: 'https://shoal.example',
      allowedOrigins: ['https://a.example', 'http://b.example:81', 'https://shoal.example'],
      limits: { joinsPerMinute: 600 },
    })
  })

  it.each(['abc', '-1', '65536', '3000.5', '0x10', '1e3'])(
    'a port that is none (%s) is named in one line',
    (PORT) => {
      expect(readConfig({ PORT }, [])).toEqual({
        error: `PORT must be a number from 0 to 65535, not "${PORT}".`,
      })
    },
  )

  it.each([
    [{ PUBLIC_URL: 'shoal.example' }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'ftp://shoal.example' }, 'PUBLIC_URL'],
    [{ ALLOWED_ORIGINS: 'https://a.example,*' }, 'ALLOWED_ORIGINS'],
    [{ SHOAL_JOINS_PER_MINUTE: '0' }, 'SHOAL_JOINS_PER_MINUTE'],
    [{ RELAY_ROOM_MB: '0' }, 'RELAY_ROOM_MB'],
    [{ ICE_SERVERS: 'turn:turn.example' }, 'ICE_SERVERS'],
    [{ TURN_SECRET: 'x' }, 'TURN_SECRET'],
    [{ TURN_TTL_SECONDS: '59' }, 'TURN_TTL_SECONDS'],
    [{ TURN_TTL_SECONDS: '86401' }, 'TURN_TTL_SECONDS'],
  ])('%o is refused by name', (env, name) => {
    const read = readConfig(env, [])
    expect('error' in read && read.error).toMatch(new RegExp(`^${name} must [^\\n]*$`))
  })

  it('an empty variable is one that is not set', () => {
    expect(config({ PORT: '', HOST: ' ', PUBLIC_URL: '' })).toMatchObject({ port: 3000, host: undefined })
  })

  it.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
    ['off', false],
  ])('TRUST_PROXY=%s means %s', (TRUST_PROXY, expected) => {
    expect(config({ TRUST_PROXY }).trustProxy).toBe(expected)
  })

  it('say what the server offers where no direct path is', () => {
    const env = {
      ICE_SERVERS: '[{"urls":["turn:turn.example:3478"]}]',
      ...{ TURN_SECRET: 'shared', TURN_TTL_SECONDS: '600', RELAY: 'OFF', RELAY_ROOM_MB: '2' },
    }
    const { paths, limits } = config(env)
    expect(paths).toEqual({
      iceServers: [{ urls: ['turn:turn.example:3478'] }],
      ...{ turnSecret: 'shared', turnTtlSeconds: 600, relay: false },
    })
    expect(limits.relayRoomBytes).toBe(2 * 1024 * 1024)
    expect(config({ RELAY: 'on' }).paths.relay).toBe(true)
  })
})
