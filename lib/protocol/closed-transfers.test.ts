import { describe, expect, test } from 'vitest'

import { ClosedTransfers } from './closed-transfers'
import { FINISHED_KEPT_MAX } from './constants'
import { endOf, ID, statusOf, takeControl } from './fixtures'
import type { Packet } from './wire'

const END: Packet = { type: 'end', transferId: ID, data: endOf() }
const reportOf = (phase: 'receiving' | 'final'): Packet => ({
  type: 'report',
  transferId: ID,
  data: statusOf({ phase }),
})

describe('a transfer that is put away', () => {
  test('[EP5] answers END by its final REPORT when it was received, and nothing else by anything', () => {
    const closed = new ClosedTransfers()
    closed.addReceived(ID, statusOf({ phase: 'final' }))
    expect(closed.handlePacket(reportOf('receiving'), 0)).toBe(true)
    expect(takeControl(closed)).toEqual([])
    expect(closed.handlePacket(END, 0)).toBe(true)
    expect(takeControl(closed)).toMatchObject([{ type: 'report', data: { phase: 'final' } }])
  })

  test('[CX3] answers all but a final REPORT by CANCEL when it was ended, with the reason and the limit', () => {
    const closed = new ClosedTransfers()
    closed.cancel(ID, 'SHOAL_REFUSED_TOO_LARGE', 7, 0)
    expect(takeControl(closed)).toHaveLength(1)
    const acknowledgement = { reason: 'SHOAL_REFUSED_TOO_LARGE', acknowledges: true, limitBytes: 0 } as const
    expect(closed.handleCancel(ID, acknowledgement)).toBe(false)
    closed.handlePacket(reportOf('final'), 0)
    expect([takeControl(closed), closed.pollTimeout()]).toEqual([[], null])
    closed.handlePacket(END, 0)
    expect(takeControl(closed)).toMatchObject([
      { type: 'cancel', data: { reason: 'SHOAL_REFUSED_TOO_LARGE', acknowledges: false, limitBytes: 7 } },
    ])
  })

  test('[CX2] acknowledges a CANCEL of the peer, and says nothing more by itself', () => {
    const closed = new ClosedTransfers()
    const cancel = { reason: 'SHOAL_CANCELLED_BY_SENDER', acknowledges: false, limitBytes: 0 } as const
    expect(closed.handleCancel(ID, cancel)).toBe(true)
    closed.addCancelled(ID, cancel.reason)
    expect(takeControl(closed)).toMatchObject([{ type: 'cancel', data: { acknowledges: true } }])
    expect(closed.pollTimeout()).toBeNull()
  })

  test('[LM5] is forgotten when enough others have ended since', () => {
    const closed = new ClosedTransfers()
    for (let i = 0; i <= FINISHED_KEPT_MAX; i++) closed.addCancelled(`${i}`, 'SHOAL_CANCELLED_BY_SENDER')
    expect(['0', '1'].map((id) => closed.has(id))).toEqual([false, true])
    expect(closed.handlePacket(END, 0)).toBe(false)
  })
})
