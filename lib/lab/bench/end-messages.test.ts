import { describe, expect, test } from 'vitest'

import { encodeEndMessage, END_MESSAGE_MAX_CHARS, parseFromReceiver, parseToReceiver } from './end-messages'
import type { FromReceiver, ToReceiver } from './end-messages'

const ID = 'rtp-1'
const TO: readonly ToReceiver[] = [
  { type: 'ping', number: 3 },
  { type: 'progress', progress: null },
  {
    type: 'progress',
    progress: { number: 1, of: 9, contender: 'assured', network: 'bad Wi-Fi', picture: 'a.jpg' },
  },
  {
    ...{ type: 'picture', name: 'a.jpg', mime: 'image/jpeg', width: 16, height: 8 },
    bytes: new Uint8Array([0, 1, 254, 255]),
  },
  { type: 'open', id: ID, contender: 'rtp', through: { address: '192.168.1.7', port: 4000 } },
  { type: 'signal', id: ID, signal: '{}' },
  { type: 'lanes', id: ID, lanes: 48 },
  { type: 'ready', id: ID },
  { type: 'expect', id: ID, run: 1, picture: null, byteCount: 300_000 },
  { type: 'handed-over', id: ID, run: 1 },
  { type: 'finish', id: ID, run: 1, inTime: true },
  { type: 'close', id: ID },
]
const RECEIVED: Extract<FromReceiver, { type: 'received' }> = {
  ...{ type: 'received', id: ID, run: 2, expectedAt: 1_700_000_000_000.5, end: 'exact' },
  ...{ packets: { sent: 9, lost: 1, recovered: 1 }, overheadRatio: 1.1, goodputBytesPerSecond: 1e6 },
  ...{ queueDelayMsP95: null, longTasks: { count: 0, totalMs: 0 } },
  ...{ firstPacketMs: 12, firstPreviewMs: null, exactMs: 80.25, arrivals: [[4, 20.5]] },
  ...{ samples: [{ ms: 0, psnrDb: 9, ssim: 0.2 }], frames: [{ ms: 3, picture: new Uint8Array([9]) }] },
}
const FROM: readonly FromReceiver[] = [
  { type: 'pong', number: 0, at: 1_700_000_000_000.125 },
  { type: 'signal', id: ID, signal: 'x' },
  { type: 'ready', id: ID },
  { type: 'expecting', id: ID, run: 2 },
  { type: 'over', id: ID, run: 2 },
  RECEIVED,
  { type: 'failed', id: ID, code: 'SHOAL_LAB_NOT_CONNECTED' },
]

describe('messages of the two ends', () => {
  test.each(TO.map((message) => [message.type, message] as const))(
    '%s comes as it went',
    (_type, message) => {
      expect(parseToReceiver(encodeEndMessage(message))).toEqual(message)
      expect(parseFromReceiver(encodeEndMessage(message))).toEqual(
        message.type === 'signal' || message.type === 'ready' ? message : null,
      )
    },
  )

  test.each(FROM.map((message) => [message.type, message] as const))(
    '%s comes as it went',
    (_type, message) => {
      expect(parseFromReceiver(encodeEndMessage(message))).toEqual(message)
    },
  )
})

/** `received` with other values, as JSON. */
function received(change: object): string {
  return JSON.stringify({ ...(JSON.parse(encodeEndMessage(RECEIVED)) as object), ...change })
}

describe('what a device says is refused', () => {
  test.each([
    ['no JSON', '{"type":'],
    ['no object', 'null'],
    ['a type that there is not', JSON.stringify({ type: 'run', code: 'alert(1)' })],
    ['one field more', JSON.stringify({ type: 'ready', id: ID, __proto__x: 1 })],
    ['an id that is no name', JSON.stringify({ type: 'ready', id: '../x' })],
    ['a code that is none of ours', JSON.stringify({ type: 'failed', id: ID, code: 'constructor' })],
    ['a time before the run', received({ exactMs: -1 })],
    ['a time that is no number', received({ exactMs: 'soon' })],
    ['an end that there is not', received({ end: 'perfect' })],
    ['SSIM above 1', received({ samples: [{ ms: 0, psnrDb: 1, ssim: 1.5 }] })],
    ['packets that are no counts', received({ packets: { sent: 1.5, lost: 0, recovered: 0 } })],
    ['a frame that is no base64url', received({ frames: [{ ms: 0, picture: '<svg>' }] })],
    ['too many frames', received({ frames: Array(301).fill({ ms: 0, picture: 'CQ' }) })],
    ['too many samples', received({ samples: Array(2001).fill({ ms: 0, psnrDb: 1, ssim: 0 }) })],
    ['too many arrivals', received({ arrivals: Array(100_001).fill([0, 0]) })],
    [
      'a frame that is larger than its pixels',
      received({ frames: [{ ms: 0, picture: 'A'.repeat(1_100_000) }] }),
    ],
  ])('%s', (_what, text) => {
    expect(parseFromReceiver(text)).toBeNull()
  })
})

describe('what a lab says is refused', () => {
  test.each([
    [
      'an address that is none',
      { type: 'open', id: ID, contender: 'rtp', through: { address: 'evil.example', port: 1 } },
    ],
    [
      'a contender that there is not',
      { type: 'open', id: ID, contender: 'ftp', through: { address: '10.0.0.1', port: 1 } },
    ],
    [
      'a picture of another kind',
      { type: 'picture', name: 'a', mime: 'image/svg+xml', width: 1, height: 1, bytes: 'AA' },
    ],
    [
      'a picture without a side',
      { type: 'picture', name: 'a', mime: 'image/png', width: 0, height: 1, bytes: 'AA' },
    ],
    ['more lanes than there are', { type: 'lanes', id: ID, lanes: 4096 }],
    ['a run without a number', { type: 'expect', id: ID, run: 0, picture: null, byteCount: 1 }],
    ['a picture that is too large', { type: 'expect', id: ID, run: 1, picture: 'a', byteCount: 1e9 }],
    ['a signal without end', { type: 'signal', id: ID, signal: 'x'.repeat(20_001) }],
  ])('%s', (_what, message) => {
    expect(parseToReceiver(JSON.stringify(message))).toBeNull()
  })

  test('anything that is too long, without being read', () => {
    expect(parseToReceiver(' '.repeat(END_MESSAGE_MAX_CHARS) + '{"type":"ping","number":1}')).toBeNull()
  })
})
