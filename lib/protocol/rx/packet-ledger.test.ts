import { describe, expect, test } from 'vitest'

import { FREEZE_QUIET_MS, REPAIR_QUIET_LAST_MS, REPAIR_QUIET_MS } from '../constants'
import { endOf } from '../fixtures'
import { PacketLedger } from './packet-ledger'

const FIVE_CHUNKS = 5

function setUp() {
  const ledger = new PacketLedger(FIVE_CHUNKS, null, 0)
  const arrive = (now: number, ...packetNumbers: readonly number[]) => {
    for (const packetNumber of packetNumbers) {
      ledger.count({ packetNumber, chunkIndex: packetNumber % FIVE_CHUNKS, payload: new Uint8Array(8) }, now)
    }
  }
  return { ledger, arrive }
}

describe('the ledger of one picture', () => {
  test('[RP1] takes what is missing for lost once END is here and no new packet was for a while', () => {
    const { ledger, arrive } = setUp()
    arrive(10, 0, 1)
    expect(ledger.quietDueMs).toBeNull()
    ledger.handleEnd(endOf({ packetsSent: 5 }), 20)
    expect(ledger.quietDueMs).toBe(20 + REPAIR_QUIET_MS)
    arrive(30, 4)
    expect(ledger.quietDueMs).toBe(30 + REPAIR_QUIET_LAST_MS)
  })

  test('[FZ1] [FZ2] is over when all that END names is here, or after a silence when END was final', () => {
    const { ledger, arrive } = setUp()
    arrive(10, 0, 1, 2, 3)
    ledger.handleEnd(endOf({ packetsSent: 5 }), 20)
    expect([ledger.isOver(false, 9999), ledger.isOver(true, 9999), ledger.freezeDueMs]).toEqual([
      ...[false, false, null],
    ])
    ledger.handleEnd(endOf({ packetsSent: 5, final: true }), 30)
    expect(ledger.freezeDueMs).toBe(20 + FREEZE_QUIET_MS)
    expect([519, 520].map((now) => ledger.isOver(false, now))).toEqual([false, true])
    arrive(40, 4)
    expect(ledger.isOver(false, 40)).toBe(true)
  })

  test('[RX5] refuses an END of fewer packets than have come, and of more than there may be', () => {
    const { ledger, arrive } = setUp()
    arrive(10, 3)
    expect(ledger.handleEnd(endOf({ packetsSent: 3 }), 20)).toBe(false)
    expect(ledger.handleEnd(endOf({ packetsSent: 2 ** 31 }), 20)).toBe(false)
    expect(ledger.counts().packetsSent).toBe(4)
  })

  test('[CT13] [FZ5] is closed by the freeze, and open again after it', () => {
    const { ledger, arrive } = setUp()
    arrive(10, 0)
    ledger.freeze(20)
    ledger.handlePreviewShown(25)
    arrive(30, 1)
    expect(ledger.counts()).toMatchObject({
      ...{ packetsReceived: 1, lateAfterFreeze: 1, completedAtMs: 20, previewAtMs: null },
    })
    ledger.thaw()
    arrive(40, 1)
    expect(ledger.counts()).toMatchObject({ packetsReceived: 2, lateAfterFreeze: 1, completedAtMs: 40 })
  })
})
