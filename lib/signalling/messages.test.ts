import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import {
  MESSAGE_MAX_BYTES,
  PAYLOAD_MAX_CHARS,
  clientMessageSchema,
  parseClientMessage,
  parseServerMessage,
  serverMessageSchema,
} from './messages'

const ID = '00000000000000aa'
const TYPES = [...clientMessageSchema.options, ...serverMessageSchema.options].map(
  ({ shape }) => shape.type.value,
)

const client = (message: unknown) => parseClientMessage(JSON.stringify(message))
const server = (message: unknown) => parseServerMessage(JSON.stringify(message))

describe('a message from a client', () => {
  it('is cleaned while it is read', () => {
    expect(
      client({ type: 'join', room: ' k7qm3xtr9b ', name: ' <Anna> ', role: 'sender', extra: 1 }),
    ).toEqual({
      data: { type: 'join', room: 'K7QM3-XTR9B', name: '‹Anna›', role: 'sender' },
    })
  })

  it.each([
    [{ type: 'create', name: '', role: 'sender' }, 'SHOAL_BAD_NAME'],
    [{ type: 'create', role: 'sender' }, 'SHOAL_BAD_NAME'],
    [{ type: 'create', name: 'A', role: 'admin' }, 'SHOAL_BAD_MESSAGE'],
    [{ type: 'create', name: 'A', role: 'sender', maxMembers: 1 }, 'SHOAL_BAD_MESSAGE'],
    [{ type: 'create', name: 'A', role: 'sender', maxMembers: 1e9 }, 'SHOAL_BAD_MESSAGE'],
    [{ type: 'create', name: 'A', role: 'sender', instance: 'A-B' }, 'SHOAL_BAD_MESSAGE'],
    [{ type: 'join', room: 'NOPE', name: 'A', role: 'sender' }, 'SHOAL_BAD_CODE'],
    [{ type: 'join', room: { length: 10 }, name: 'A', role: 'sender' }, 'SHOAL_BAD_CODE'],
    [{ type: 'resume', token: '' }, 'SHOAL_BAD_TOKEN'],
    [{ type: 'signal', to: ID, payload: {} }, 'SHOAL_BAD_MESSAGE'],
    [{ type: 'signal', to: ID.toUpperCase(), payload: '' }, 'SHOAL_BAD_MESSAGE'],
    [{ type: 'signal', to: '__proto__', payload: '' }, 'SHOAL_BAD_MESSAGE'],
    [{ type: 'welcome' }, 'SHOAL_BAD_MESSAGE'],
    [{ type: '__proto__' }, 'SHOAL_BAD_MESSAGE'],
    [{}, 'SHOAL_BAD_MESSAGE'],
    [null, 'SHOAL_BAD_MESSAGE'],
  ])('%j is refused with %s', (message, error) => {
    expect(client(message)).toEqual({ error })
  })

  it('is refused when a part of it is too long', () => {
    expect(client({ type: 'resume', token: 'x'.repeat(1025) })).toEqual({ error: 'SHOAL_BAD_TOKEN' })
    const payload = 'x'.repeat(PAYLOAD_MAX_CHARS + 1)
    expect(client({ type: 'signal', to: ID, payload })).toEqual({ error: 'SHOAL_MESSAGE_TOO_LARGE' })
  })

  it('is not even read when it is longer than a message may be', () => {
    const padded = JSON.stringify({ type: 'ping' }) + ' '.repeat(MESSAGE_MAX_BYTES)
    expect(parseClientMessage(padded)).toEqual({ error: 'SHOAL_BAD_MESSAGE' })
  })

  it('with the largest ordinary payload fits into a message', () => {
    const text = JSON.stringify({ type: 'signal', to: ID, payload: 'a=candidate "x"\r\n'.repeat(1927) })
    expect(Buffer.byteLength(text)).toBeLessThan(MESSAGE_MAX_BYTES)
    expect(parseClientMessage(text).error).toBeUndefined()
  })
})

describe('a message from the server', () => {
  it.each([
    { type: 'pong' },
    { type: 'error', code: 'SHOAL_ROOM_FULL' },
    { type: 'signal', from: ID, payload: '' },
    { type: 'member-back', id: ID, instance: 'p1' },
  ])('%j is taken as it is', (message) => {
    expect(server(message)).toEqual({ data: message })
  })

  it.each([
    { type: 'error', code: 'constructor' },
    { type: 'error', code: 'SHOAL_ROOM_FULL', retryAfterMs: -1 },
    { type: 'error', code: 'SHOAL_ROOM_FULL', retryAfterMs: 1e300 },
    { type: 'member-left', id: 7 },
    { type: 'welcome', addresses: [{ origin: 'javascript:alert(1)', label: '' }], limits: {} },
    { type: 'ping' },
    'pong',
  ])('%j is refused', (message) => {
    expect(server(message)).toEqual({ error: 'SHOAL_BAD_MESSAGE' })
  })
})

it('nothing that comes from outside throws, in either direction', { timeout: 60_000 }, () => {
  const fields = [
    'name',
    'role',
    'room',
    'token',
    'to',
    'from',
    'payload',
    'members',
    'code',
    'limits',
    'instance',
  ]
  const message = fc
    .tuple(fc.constantFrom(...TYPES), fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()))
    .map(([type, rest]) => JSON.stringify({ ...rest, type }))
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), message, fc.anything()), (text) => {
      for (const parsed of [parseClientMessage(text), parseServerMessage(text)]) {
        expect((parsed.data === undefined) !== (parsed.error === undefined)).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

it('reading needs no code made at run time: a strict policy forbids it', () => {
  expect(z.config().jitless).toBe(true)
})
