import { describe, expect, it } from 'vitest'

import { transferView } from './fixtures'
import { newestActive, newestRepairable, NOTHING_FINISHED, traceFinished } from './transfer-choice'

const running = transferView({ key: 'a' })
const holes = transferView({ key: 'b', state: 'incomplete', canRepair: true })
const whole = transferView({ key: 'c', state: 'done' })

describe('which transfer a button acts on', () => {
  it('cancels the newest one that runs', () => {
    expect(newestActive([whole, running, transferView({ key: 'd' })])).toBe(running)
    expect(newestActive([whole, holes])).toBeNull()
  })

  it('repairs the newest one with holes that is not being repaired already', () => {
    expect(newestRepairable([running, holes])).toBe(holes)
    expect(newestRepairable([{ ...holes, state: 'repairing' }, whole])).toBeNull()
  })
})

describe('which transfer finished last', () => {
  it('is none before anything finished', () => {
    expect(traceFinished(NOTHING_FINISHED, [running])).toBe(NOTHING_FINISHED)
  })

  it('is the one that finished last, even when it started first', () => {
    const first = traceFinished(NOTHING_FINISHED, [whole, running])
    expect(first.lastKey).toBe('c')
    expect(traceFinished(first, [whole, { ...running, state: 'failed' }]).lastKey).toBe('a')
  })

  it('is not one that a reload has brought back', () => {
    const kept = transferView({ key: 'kept', state: 'done', kept: true })
    expect(traceFinished(NOTHING_FINISHED, [kept])).toBe(NOTHING_FINISHED)
    const trace = traceFinished(NOTHING_FINISHED, [transferView({ key: 'a', state: 'done' }), kept])
    expect(trace.lastKey).toBe('a')
  })

  it('stays the same object while nothing changes', () => {
    const trace = traceFinished(NOTHING_FINISHED, [whole])
    expect(traceFinished(trace, [{ ...whole }])).toBe(trace)
  })

  it('forgets one that is removed or runs again', () => {
    const trace = traceFinished(NOTHING_FINISHED, [holes])
    expect(traceFinished(trace, []).lastKey).toBeNull()
    const again = traceFinished(trace, [{ ...holes, state: 'repairing' }])
    expect(again.lastKey).toBeNull()
    expect(traceFinished(again, [{ ...holes, state: 'done' }]).lastKey).toBe('b')
  })
})
