import { describe, expect, test } from 'vitest'

import { ID, manifestOf, statusOf } from './fixtures'
import { buildReport } from './report'
import { NO_ACCOUNT } from './tx/carriage'

describe('buildReport', () => {
  test('[CT6] what is lost, its share and the goodput follow from the counts', () => {
    const report = buildReport(
      ID,
      manifestOf(3000),
      {
        ...statusOf({ packetsSent: 8, packetsReceived: 6, chunksHeld: 3, bytesReceived: 4000 }),
        firstPacketAtMs: 1000,
        completedAtMs: 1500,
      },
      NO_ACCOUNT,
    )
    expect(report).toMatchObject({ packetsLost: 2, lossPercent: 25, successPercent: 75 })
    expect(report.goodputBytesPerSecond).toBe(6000)
  })

  test('[CT6] nothing sent is nothing lost', () => {
    const report = buildReport(ID, manifestOf(3000), statusOf(), NO_ACCOUNT)
    expect(report).toMatchObject({ packetsLost: 0, lossPercent: 0, successPercent: 100 })
    expect(report.goodputBytesPerSecond).toBe(0)
  })

  test('[CT11] the overhead is what was sent as data beside the picture', () => {
    const account = { ...NO_ACCOUNT, bytesSent: 4500, lanes: 16, path: 'direct' as const, minRttMs: 50.2 }
    const report = buildReport(ID, manifestOf(3000), statusOf({ recovered: 2 }), account)
    expect(report).toMatchObject({
      overheadRatio: 1.5,
      lanes: 16,
      path: 'direct',
      minRttMs: 50.2,
      recovered: 2,
    })
  })

  test('[CT6] goodput over no time at all is finite, and counts a short last chunk as what it is', () => {
    const held = statusOf({ packetsSent: 3, packetsReceived: 1, chunksHeld: 1, bytesReceived: 952 })
    const report = buildReport(ID, manifestOf(3000), held, NO_ACCOUNT)
    expect(report.goodputBytesPerSecond).toBe(952_000)
  })
})
