import { describe, expect, it } from 'vitest'

import { ManualClock } from './manual-clock'
import { RelayUse } from './relay-use'

function setUp({ only = false } = {}) {
  const clock = new ManualClock()
  const state = { direct: false, open: false, wanted: false, asked: 0, failed: 0 }
  const use = new RelayUse({
    relay: {
      lane: {
        path: 'relay',
        get isOpen() {
          return state.open
        },
        bufferedAmount: 0,
        send: () => true,
        notifyAt: () => undefined,
        close: () => undefined,
      },
      want: (wanted) => (state.wanted = wanted),
    },
    clock,
    only,
    hasDirect: () => state.direct,
    ask: () => state.asked++,
    onFailing: () => state.failed++,
  })
  const setDirect = (direct: boolean) => {
    state.direct = direct
    use.handleLanes()
  }
  return { clock, state, use, setDirect }
}

describe('when a link goes to the relay', () => {
  it('never where direct lanes open in time', () => {
    const { clock, state, use, setDirect } = setUp()
    use.handleLanes()
    clock.advance(2999)
    setDirect(true)
    clock.advance(60_000)
    expect(state).toMatchObject({ wanted: false, asked: 0 })
  })

  it('after three seconds without a direct lane, and the peer is asked to come', () => {
    const { clock, state, use } = setUp()
    use.handleLanes()
    clock.advance(3000)
    expect(state).toMatchObject({ wanted: true, asked: 1 })
  })

  it('at once when a picture waits, but not while a direct lane is open', () => {
    const { state, use, setDirect } = setUp()
    setDirect(true)
    use.want()
    expect(state.wanted).toBe(false)
    setDirect(false)
    use.want()
    use.want()
    expect(state).toMatchObject({ wanted: true, asked: 1 })
  })

  it('when the peer asks, without asking back', () => {
    const { state, use } = setUp()
    use.handleAsked()
    expect(state).toMatchObject({ wanted: true, asked: 0 })
  })

  it('at once and for good when it is all there is', () => {
    const { clock, state, use } = setUp({ only: true })
    use.handleLanes()
    state.open = true
    clock.advance(600_000)
    expect(state).toMatchObject({ wanted: true, asked: 1, failed: 0 })
  })

  it('asks again until the peer is there', () => {
    const { clock, state, use } = setUp()
    use.want()
    clock.advance(9999)
    expect(state.asked).toBe(2)
    state.open = true
    clock.advance(60_000)
    expect(state.asked).toBe(2)
  })

  it('gives it back once a direct lane has stayed open for a while', () => {
    const { clock, state, use, setDirect } = setUp()
    use.want()
    setDirect(true)
    clock.advance(5000)
    setDirect(false)
    clock.advance(60_000)
    expect(state.wanted).toBe(true)
    setDirect(true)
    clock.advance(10_000)
    expect([state.wanted, clock.pending]).toEqual([false, 0])
  })

  it('says so when the peer does not come', () => {
    const { clock, state, use } = setUp({ only: true })
    use.handleLanes()
    clock.advance(14_999)
    expect([use.failing, state.failed]).toEqual([false, 0])
    clock.advance(1)
    expect([use.failing, state.failed]).toEqual([true, 1])
    state.open = true
    expect(use.failing).toBe(false)
  })

  it('leaves nothing behind when the link closes', () => {
    const { clock, state, use } = setUp()
    use.want()
    use.close()
    expect([state.wanted, clock.pending]).toEqual([false, 0])
  })
})
