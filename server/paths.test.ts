import { describe, expect, it } from 'vitest'

import { createPathIssuer, turnCredentials } from './paths'
import type { PathIssuerOptions } from './paths'
import { HubBench } from './testing/hub-bench'
import { createTicketSeal, createTokenSeal } from './tokens'
import type { Place } from './tokens'

const KEY = Buffer.from('a key')
const PLACE: Place = {
  ...{ room: 'K7QM3-XTR9B', id: '00000000000000aa', name: 'ANNA', role: 'sender', maxMembers: 32 },
  ...{ roomCreatedAtMs: 0, issuedAtMs: 0, run: 'run 1' },
}

function issuer(options: Partial<PathIssuerOptions> = {}) {
  return createPathIssuer({
    ...{ iceServers: [], turnSecret: undefined, turnTtlSeconds: 600, relay: true },
    ...{ tickets: createTicketSeal(KEY), relayPacketBytes: 2048 },
    ...options,
  })
}

describe('temporary TURN credentials', () => {
  it('are what coturn computes itself', () => {
    // printf 1700000600:00000000000000aa | openssl dgst -sha1 -hmac 'north sea' -binary | base64
    expect(turnCredentials('north sea', '00000000000000aa', 1_700_000_600)).toEqual({
      username: '1700000600:00000000000000aa',
      credential: 'zHo88qWY4EJEGyMJM6eEo+sNtTM=',
    })
  })

  it('are given to TURN servers that have none of their own, and to no others', () => {
    const own = { urls: 'turn:own.example', username: 'u', credential: 'c' }
    const stun = { urls: 'stun:stun.example' }
    const iceServers = [{ urls: 'turn:turn.example' }, own, stun]
    const { paths, renewAtMs } = issuer({ iceServers, turnSecret: 'north sea' }).issue(
      PLACE,
      1_700_000_000_000,
    )
    expect(paths.iceServers).toEqual([
      { urls: 'turn:turn.example', ...turnCredentials('north sea', PLACE.id, 1_700_000_600) },
      own,
      stun,
    ])
    expect(renewAtMs).toBe(1_700_000_300_000)
  })

  it('are renewed while a member stays, after half their time', () => {
    const bench = new HubBench({
      paths: issuer({ iceServers: [{ urls: 'turn:turn.example' }], turnSecret: 's' }),
    })
    const anna = bench.create()
    const first = anna.last('joined').paths?.iceServers[0]
    expect(first?.username).toBe(`600:${anna.last('joined').selfId}`)
    bench.pass(299_000)
    expect(anna.all('paths')).toEqual([])
    bench.pass(1000)
    expect(anna.last('paths').paths.iceServers[0]?.username).toBe(`900:${anna.last('joined').selfId}`)
    bench.pass(300_000)
    expect(anna.all('paths')).toHaveLength(2)
    anna.say({ type: 'leave' })
    bench.pass(59_000)
    expect(anna.all('paths')).toHaveLength(2)
  })
})

describe('what a member is told', () => {
  it('comes after it has joined, and not before', () => {
    const bench = new HubBench({ paths: issuer({ iceServers: [{ urls: 'stun:stun.example' }] }) })
    const page = bench.open()
    page.say({ type: 'join', room: 'K7QM3-XTR9B', name: 'BEN', role: 'sender' })
    expect(JSON.stringify(page.inbox)).not.toContain('stun.example')
    expect(bench.create().last('joined').paths?.iceServers).toEqual([{ urls: 'stun:stun.example' }])
  })

  it('has a ticket for the relay that is no token, and the reverse', () => {
    const { relay } = issuer().issue(PLACE, 0).paths
    expect(createTicketSeal(KEY).open(relay?.ticket ?? '')).toEqual(PLACE)
    expect(createTokenSeal(KEY).open(relay?.ticket ?? '')).toBeNull()
    expect(createTicketSeal(KEY).open(createTokenSeal(KEY).seal(PLACE))).toBeNull()
    expect(issuer({ relay: false }).issue(PLACE, 0).paths.relay).toBeNull()
  })
})
