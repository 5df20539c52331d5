import { describe, expect, test } from 'vitest'

import { ManualClock } from '@/lib/peer/manual-clock'
import { ShoalError } from '@/lib/protocol/errors'

import { encodeEndMessage, parseToReceiver } from '../bench/end-messages'
import type { FromReceiver } from '../bench/end-messages'
import { encodeHello, TAKEN } from './greeting'
import { SecondDevice } from './second-device'
import { parsePart } from './text-stream'

/** A lab whose room is in the test's hands. */
function lab() {
  const clock = new ManualClock()
  const told: { peerId: string; text: string }[] = []
  const device = new SecondDevice({
    createClock: () => Object.assign(clock, { close: () => undefined }),
    sendText: (peerId, text) => Boolean(told.push({ peerId, text: parsePart(text)?.text ?? '' })),
  })
  const say = (peerId: string, session: number, number: number, text: string) =>
    device.handleText(peerId, `${session} ${number} 1 ${text}`)
  const greet = (peerId: string, session: number) => say(peerId, session, 0, encodeHello('Firefox'))
  const answer = (session: number, number: number, message: FromReceiver) =>
    say('ben', session, number, encodeEndMessage(message))
  return { clock, device, told, say, greet, answer }
}

describe('a second device', () => {
  test('is there once its page says that it is one, and hears what is told', () => {
    const { device, told, greet } = lab()
    expect(device.getState().device).toBeNull()
    greet('ben', 5)
    expect(device.getState().device).toEqual({ peerId: 'ben', browser: 'Firefox' })
    device.connect().tell({ type: 'ready', id: 'rtp-1' })
    expect(told.map(({ text }) => parseToReceiver(text)?.type)).toEqual(['progress', 'ready'])
  })

  test('is heard by whoever listens, until it listens no more', () => {
    const { device, greet, answer } = lab()
    greet('ben', 5)
    const heard: FromReceiver[] = []
    const stop = device.connect().listen((message) => heard.push(message))
    answer(5, 1, { type: 'ready', id: 'rtp-1' })
    stop()
    answer(5, 2, { type: 'ready', id: 'rtp-2' })
    expect(heard).toEqual([{ type: 'ready', id: 'rtp-1' }])
  })

  test('is missing until then, and after it has left', () => {
    const { device, greet } = lab()
    expect(() => device.connect()).toThrow(new ShoalError('SHOAL_LAB_NO_DEVICE'))
    greet('ben', 5)
    // Its hello was here before the room knew that it can be reached.
    device.handlePeers([])
    const { lost } = device.connect()
    device.handlePeers(['ben'])
    expect(lost.aborted).toBe(false)
    device.handlePeers([])
    expect(lost.reason).toEqual(new ShoalError('SHOAL_LAB_NO_DEVICE'))
    expect(device.getState().device).toBeNull()
  })

  test('that says nothing for 15 s is gone, one that answers is not', () => {
    const { clock, device, greet, answer } = lab()
    greet('ben', 5)
    for (let number = 1; number <= 10; number++) {
      clock.advance(3000)
      answer(5, number, { type: 'pong', number: 0, at: 1 })
    }
    expect(device.getState().device).not.toBeNull()
    clock.advance(21_000)
    expect(device.getState().device).toBeNull()
  })

  test('that begins anew is another one; a third device is told that the place is taken', () => {
    const { device, told, greet } = lab()
    greet('ben', 5)
    const { lost } = device.connect()
    greet('cleo', 9)
    expect(told.at(-1)).toEqual({ peerId: 'cleo', text: TAKEN })
    expect(lost.aborted).toBe(false)
    greet('ben', 6)
    expect(lost.aborted).toBe(true)
    expect(device.connect().lost.aborted).toBe(false)
  })

  test.each([
    ['no message', 'nonsense'],
    ['a message of a lab', encodeEndMessage({ type: 'ping', number: 1 })],
  ])('that says %s is gone', (_what, text) => {
    const { device, greet, say } = lab()
    greet('ben', 5)
    say('ben', 5, 1, text)
    expect(device.getState().device).toBeNull()
  })

  test('is nobody who greets otherwise', () => {
    const { device, say } = lab()
    for (const text of ['{}', '{"type":"hello","version":2,"browser":"x"}', `{"type":"hello"`]) {
      say('ben', 5, 0, text)
    }
    device.handleText('ben', 'a line of a chat')
    say('ben', 5, 1, encodeHello('Firefox'))
    say('ben', 5, 0, JSON.stringify({ type: 'hello', version: 1, browser: 'x'.repeat(501) }))
    expect(device.getState().device).toBeNull()
  })
})
