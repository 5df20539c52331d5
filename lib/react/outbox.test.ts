import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'

import type { RoomSession, RoomState } from '@/lib/room/types'
import type { OutgoingPicture } from '@/lib/transfer/types'

import { peerView, roomState, transferView } from './fixtures'
import type { DeskView, SendOrder } from './outbox'
import { Outbox } from './outbox'

const PICTURE: OutgoingPicture = {
  file: new Blob(['x']),
  name: 'harbour.jpg',
  type: 'image/jpeg',
  width: 8,
  height: 6,
  channels: 3,
}
const ORDER: SendOrder = { mode: 'repair', peerId: null, startedAtMs: 1000 }
type Sent = Parameters<RoomSession['send']>[0]

describe('Outbox', () => {
  const room = createStore<RoomState>(() => roomState())
  const desk = createStore<DeskView>(() => ({ pickId: 1, picture: PICTURE, errorCode: null, waiting: [] }))
  const sendingDesk = { getState: desk.getState, subscribe: desk.subscribe, advance: () => (advanced += 1) }
  let advanced = 0
  let sent: Sent[] = []
  let hurries = 0
  const hurry = () => {
    hurries += 1
  }
  let outbox: Outbox
  let stop: () => void

  beforeEach(() => {
    room.setState(roomState({ peers: [peerView({ role: 'receiver' })] }))
    desk.setState({ pickId: 1, picture: PICTURE, errorCode: null, waiting: [] })
    sent = []
    hurries = 0
    const send = (options: Sent) => {
      sent.push(options)
      return [`p1:${sent.length}`]
    }
    advanced = 0
    outbox = new Outbox({ getState: room.getState, subscribe: room.subscribe, send, hurry }, sendingDesk)
    stop = outbox.watch()
    return () => stop()
  })

  it('sends at once when the picture and a receiver are there', () => {
    outbox.press(ORDER)
    expect(hurries).toBe(0)
    expect(sent).toEqual([{ picture: PICTURE, mode: 'repair', startedAtMs: 1000 }])
    expect(outbox.getState()).toEqual({ armed: null, following: null, batchKeys: ['p1:1'] })
  })

  it('waits for a receiver, and sends once when one is connected', () => {
    room.setState({ peers: [peerView({ link: 'connecting' })] })
    outbox.press(ORDER)
    expect(outbox.getState().armed).toEqual(ORDER)
    expect(hurries).toBeGreaterThan(0)
    room.setState({ peers: [peerView()] })
    room.setState({ peers: [peerView(), peerView({ id: 'p2' })] })
    expect(sent).toHaveLength(1)
  })

  it('waits for the one receiver that was chosen', () => {
    outbox.press({ ...ORDER, peerId: 'p2' })
    expect(sent).toEqual([])
    room.setState({ peers: [peerView(), peerView({ id: 'p2' })] })
    expect(sent).toEqual([{ picture: PICTURE, mode: 'repair', startedAtMs: 1000, peerId: 'p2' }])
  })

  it('keeps the time of the click when compression ends later', () => {
    desk.setState({ picture: null })
    outbox.press(ORDER)
    desk.setState({ picture: PICTURE })
    expect(sent.map((options) => options.startedAtMs)).toEqual([1000])
  })

  it('does nothing once the press is taken back', () => {
    desk.setState({ picture: null })
    outbox.press(ORDER)
    outbox.disarm()
    desk.setState({ picture: PICTURE })
    expect(sent).toEqual([])
  })

  it('drops the press when the picture turns out to be unusable', () => {
    desk.setState({ picture: null })
    outbox.press(ORDER)
    desk.setState({ errorCode: 'SHOAL_NOT_AN_IMAGE' })
    desk.setState({ errorCode: null, picture: PICTURE })
    expect(sent).toEqual([])
  })

  it('forgets the press and the transfers of the last picture when another one is picked', () => {
    outbox.press(ORDER)
    room.setState({ peers: [] })
    outbox.press(ORDER)
    desk.setState({ pickId: 2 })
    room.setState({ peers: [peerView()] })
    expect(outbox.getState()).toEqual({ armed: null, following: null, batchKeys: [] })
    expect(sent).toHaveLength(1)
  })

  it('takes a second click for the first one while the picture is about to go, or goes', () => {
    desk.setState({ picture: null })
    outbox.press(ORDER)
    outbox.press({ ...ORDER, startedAtMs: 1001 })
    desk.setState({ picture: PICTURE })
    room.setState({ transfers: [transferView({ key: 'p1:1', state: 'sending' })] })
    outbox.press({ ...ORDER, startedAtMs: 1002 })
    expect(sent.map((options) => options.startedAtMs)).toEqual([1000])
    room.setState({ transfers: [transferView({ key: 'p1:1', state: 'done' })] })
    outbox.press({ ...ORDER, startedAtMs: 1003 })
    expect(sent.map((options) => options.startedAtMs)).toEqual([1000, 1003])
  })

  it('sends once although sending itself changes the room', () => {
    stop()
    const send = (options: Sent) => {
      sent.push(options)
      room.setState({ errorCode: null })
      return ['p1:1']
    }
    outbox = new Outbox({ getState: room.getState, subscribe: room.subscribe, send, hurry }, sendingDesk)
    stop = outbox.watch()
    outbox.press(ORDER)
    expect(sent).toHaveLength(1)
    expect(outbox.getState().batchKeys).toEqual(['p1:1'])
  })

  describe('with files that were picked together', () => {
    const second = new File(['y'], 'second.jpg')

    beforeEach(() => {
      desk.setState({ waiting: [second] })
      outbox.press(ORDER)
    })

    it('waits for the end of one before it sends the next', () => {
      room.setState({ transfers: [transferView({ key: 'p1:1', state: 'sending' })] })
      expect(advanced).toBe(0)
      room.setState({ transfers: [transferView({ key: 'p1:1', state: 'done' })] })
      expect(advanced).toBe(1)
      expect(outbox.getState()).toEqual({ armed: null, following: ORDER, batchKeys: ['p1:2'] })
    })

    it('ends with the last one', () => {
      desk.setState({ waiting: [] })
      room.setState({ transfers: [transferView({ key: 'p1:1', state: 'done' })] })
      room.setState({ transfers: [transferView({ key: 'p1:2', state: 'done' })] })
      expect(advanced).toBe(1)
      expect(outbox.getState()).toEqual({ armed: null, following: null, batchKeys: ['p1:2'] })
    })

    it.each(['failed', 'cancelled'] as const)('keeps the one that %s, and goes no further', (state) => {
      room.setState({ transfers: [transferView({ key: 'p1:1', state })] })
      expect(advanced).toBe(0)
      expect(outbox.getState()).toEqual({ armed: null, following: null, batchKeys: ['p1:1'] })
    })

    it('sends no further one after Cancel', () => {
      room.setState({ transfers: [transferView({ key: 'p1:1', state: 'sending' })] })
      outbox.disarm()
      room.setState({ transfers: [transferView({ key: 'p1:1', state: 'done' })] })
      expect(sent).toHaveLength(1)
    })
  })
})
