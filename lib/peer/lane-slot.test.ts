import { describe, expect, it } from 'vitest'

import type { LaneOptions, LaneSignal, OpeningLane } from './lane'
import { LaneSlot } from './lane-slot'
import type { LaneMessage } from './link-message'
import { ManualClock } from './manual-clock'

const offer: LaneSignal = { type: 'offer', sdp: 'v=0' }

function setUp({ initiator = true, index = 2 } = {}) {
  const clock = new ManualClock()
  const lanes: (OpeningLane & { isOpen: boolean; readonly handlers: LaneOptions })[] = []
  const sent: LaneMessage[] = []
  const told: string[] = []
  const slot = new LaneSlot(index, {
    ...{ initiator, clock },
    openLane: (handlers) => {
      const lane = {
        ...{ handlers, path: 'direct' as const, isOpen: false, bufferedAmount: 0 },
        send: () => true,
        sendNote: () => true,
        notifyAt: () => undefined,
        handleSignal: (signal: LaneSignal) => told.push(signal.type),
        close: () => {
          lane.isOpen = false
          handlers.onClose()
        },
      }
      lanes.push(lane)
      return lane
    },
    send: (message) => sent.push(message),
    onMessage: (lane) => told.push(`message ${lane}`),
    onNote: () => told.push('note'),
    onDrained: (lane) => told.push(`drained ${lane}`),
    onPath: () => told.push('path'),
    onOpen: () => told.push('open'),
    onLost: () => told.push('lost'),
    onReplaced: () => told.push('replaced'),
    onDue: () => told.push('due'),
  })
  const open = (at: number) => {
    const lane = lanes[at]
    if (!lane) throw new Error(`no lane ${at}`)
    lane.isOpen = true
    lane.handlers.onOpen()
  }
  return { clock, lanes, sent, told, slot, open }
}

describe('LaneSlot', () => {
  it('is opening until its lane opens, and tells of that', () => {
    const { slot, lanes, told, open } = setUp()
    expect([slot.isOpening, slot.isOpen]).toEqual([false, false])
    slot.open()
    expect([slot.isOpening, slot.isOpen]).toEqual([true, false])
    open(0)
    expect([slot.isOpening, slot.isOpen, slot.lane]).toEqual([false, true, lanes[0]])
    expect(told).toEqual(['open'])
  })

  it('hears nothing more of an attempt that another has replaced', () => {
    const { slot, lanes, told, sent, open } = setUp()
    slot.open()
    open(0)
    slot.open()
    expect(told).toEqual(['open', 'replaced'])
    const former = lanes[0]?.handlers
    former?.onMessage(Uint8Array.of(1))
    former?.onDrained()
    former?.onNote('')
    former?.onSignal(offer)
    former?.onClose()
    expect([told, sent]).toEqual([['open', 'replaced'], []])
    lanes[1]?.handlers.onMessage(Uint8Array.of(1))
    expect(told.at(-1)).toBe('message 2')
  })

  it('numbers attempts so that they grow also within one millisecond', () => {
    const { slot, lanes, sent } = setUp()
    slot.open()
    lanes[0]?.handlers.onSignal(offer)
    slot.open()
    lanes[1]?.handlers.onSignal(offer)
    const [first = 0, second = 0] = sent.map(({ attempt }) => attempt)
    expect(second).toBe(first + 1)
  })

  it('is due after pauses that grow up to 5 s, and after the shortest once it was open', () => {
    const { slot, lanes, told, clock, open } = setUp()
    for (const pauseMs of [300, 600, 1200, 2400, 4800, 5000, 5000]) {
      slot.open()
      lanes.at(-1)?.close()
      told.length = 0
      clock.advance(pauseMs - 1)
      expect(told).toEqual([])
      clock.advance(1)
      expect(told).toEqual(['due'])
    }
    slot.open()
    open(lanes.length - 1)
    lanes.at(-1)?.close()
    expect(slot.failures).toBe(1)
  })

  it('counts an attempt that nothing came of in 15 s as two failures', () => {
    const { slot, told, clock } = setUp()
    slot.open()
    clock.advance(14_999)
    expect(slot.failures).toBe(0)
    clock.advance(1)
    expect([slot.failures, slot.lane, told]).toEqual([2, null, ['lost']])
  })

  it('begins a newer attempt of the initiator, and drops what belongs to an older one', () => {
    const { slot, lanes, told } = setUp({ initiator: false })
    slot.handleSignal(7, { type: 'answer', sdp: 'v=0' })
    expect(lanes).toHaveLength(0)
    slot.handleSignal(7, offer)
    slot.handleSignal(6, offer)
    expect([lanes.length, told]).toEqual([1, ['offer']])
    slot.handleSignal(8, offer)
    expect([lanes.length, told]).toEqual([2, ['offer', 'offer']])
  })

  it('asks without end for one of the first lanes, seven times for another', () => {
    const asked = (index: number) => {
      const { slot, sent, told, clock } = setUp({ initiator: false, index })
      do {
        told.length = 0
        slot.keepAsking()
        clock.advance(5000)
      } while (told.includes('due') && sent.length < 20)
      return sent.length
    }
    expect([asked(0), asked(1)]).toEqual([20, 20])
    expect(asked(2)).toBe(7)
  })

  it('leaves no timer behind when it is closed, and opens nothing more', () => {
    const { slot, lanes, told, clock } = setUp()
    slot.open()
    slot.close()
    slot.open()
    expect([clock.pending, lanes.length, told]).toEqual([0, 1, []])
  })
})
