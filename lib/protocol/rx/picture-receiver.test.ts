import { describe, expect, test } from 'vitest'

import {
  CONTROL_RETRY_MIN_MS,
  FREEZE_QUIET_MS,
  PEER_SILENT_MS,
  REPAIR_QUIET_LAST_MS,
  REPAIR_QUIET_MS,
  REPORT_INTERVAL_MS,
} from '../constants'
import { chunkOf, digestOf, endOf, ID, manifestOf, pictureOf, takeOf } from '../fixtures'
import type { Manifest } from '../packet/manifest'
import { PeerLiveness } from '../peer-liveness'
import { packetNumberLimit } from './packet-counter'
import { PictureReceiver } from './picture-receiver'

/** Five chunks, the last of 100 bytes. */
const BYTES = 4196
const picture = pictureOf(BYTES)

/** One receiver, told the time in small steps. */
class Bench {
  readonly receiver: PictureReceiver
  readonly lines: number[][] = []
  readonly peer = new PeerLiveness()
  now = 0

  constructor(changes: Partial<Manifest> = {}) {
    const sink = { append: (...line: [number, number, number]) => void this.lines.push(line) }
    this.receiver = new PictureReceiver(ID, manifestOf(BYTES, changes), { sink, peer: this.peer }, 0)
  }

  /** Data packets [packet number, chunk index]. */
  data(...packets: readonly (readonly [number, number])[]): void {
    for (const [packetNumber, chunkIndex] of packets) {
      this.receiver.handleData({ packetNumber, chunkIndex, payload: chunkOf(picture, chunkIndex) }, this.now)
    }
  }

  end(round: number, packetsSent: number, final = false): void {
    this.receiver.handleEnd(endOf({ round, packetsSent, final }), this.now)
  }

  /** Lets time pass to `atMs`, with every timer that is due on the way. */
  wait(atMs: number): void {
    for (let looks = 0; ; looks++) {
      const due = this.receiver.pollTimeout()
      if (due === null || due > atMs) break
      if (looks > 10_000) throw new Error('a timer that does not come to an end')
      this.now = Math.max(this.now, due)
      this.receiver.handleTimeout(this.now)
    }
    this.now = atMs
  }

  digest(sha256 = digestOf(BYTES)): void {
    if (this.receiver.pollHeld()) this.receiver.handleDigest(sha256, this.now)
  }

  requests() {
    return takeOf(this.receiver, 'repair')
  }

  reports() {
    return takeOf(this.receiver, 'report')
  }
}

const FIRST_PASS = [
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 4],
] as const

describe('what is counted', () => {
  test('[CT2] [CT3] distinct numbers are received, repeated ones duplicates, each printed once', () => {
    const bench = new Bench()
    bench.data([0, 0], [2, 2], [0, 0], [4, 4])
    expect(bench.receiver.status()).toMatchObject({
      packetsReceived: 3,
      duplicates: 1,
      chunksHeld: 3,
      bytesReceived: 2 * 1024 + 100,
    })
    expect(bench.lines).toEqual([
      [0, 0, 1024],
      [2, 2, 1024],
      [4, 4, 100],
    ])
  })

  test('[CT4] until END is here, the highest number seen says what was sent', () => {
    const bench = new Bench()
    expect(bench.receiver.status().packetsSent).toBe(0)
    bench.data([3, 3], [1, 1])
    expect(bench.receiver.status().packetsSent).toBe(4)
    bench.end(0, 5)
    expect(bench.receiver.status().packetsSent).toBe(5)
  })

  test('[CT4] a count once known is not forgotten while the next round is under way', () => {
    const bench = new Bench()
    bench.data([0, 0], [1, 1])
    bench.end(0, 5)
    bench.wait(REPAIR_QUIET_MS)
    expect(bench.receiver.status()).toMatchObject({ repairRounds: 1, packetsSent: 5, packetsReceived: 2 })
  })

  test('[CT10] chunks that a repair round filled are repaired, late ones of the first pass are not', () => {
    const bench = new Bench()
    bench.data([0, 0])
    bench.end(0, 5)
    bench.wait(REPAIR_QUIET_MS)
    bench.data([1, 1], [5, 2])
    bench.end(1, 8)
    bench.wait(100)
    expect(bench.receiver.status().repairRounds).toBe(2)
    // Number 6 belongs to round 1 and comes in round 2.
    bench.data([6, 3], [8, 4])
    expect(bench.receiver.status()).toMatchObject({ chunksHeld: 5, repaired: 3 })
  })

  test('[RX4] a chunk that is here already counts as received under another number, and changes no byte', () => {
    const bench = new Bench()
    bench.data([0, 0])
    bench.receiver.handleData({ packetNumber: 1, chunkIndex: 0, payload: new Uint8Array(1024).fill(9) }, 0)
    expect(bench.receiver.status()).toMatchObject({
      packetsReceived: 2,
      duplicates: 0,
      chunksHeld: 1,
      bytesReceived: 2048,
    })
    expect(bench.receiver.assembler.pieces()[0]?.subarray(0, 1024)).toEqual(chunkOf(picture, 0))
  })

  test('[RX2] what can not belong to the picture is counted as invalid and changes nothing', () => {
    const bench = new Bench()
    const limit = packetNumberLimit(5)
    const bad = [
      { packetNumber: 0, chunkIndex: 5, payload: new Uint8Array(1024) },
      { packetNumber: 0, chunkIndex: 0, payload: new Uint8Array(1023) },
      { packetNumber: 0, chunkIndex: 4, payload: new Uint8Array(1024) },
      { packetNumber: 0, chunkIndex: 4, payload: new Uint8Array(99) },
      { packetNumber: 0, chunkIndex: 0xffffffff, payload: new Uint8Array(1024) },
      { packetNumber: limit, chunkIndex: 0, payload: new Uint8Array(1024) },
      { packetNumber: 0xffffffff, chunkIndex: 0, payload: new Uint8Array(1024) },
    ]
    for (const packet of bad) bench.receiver.handleData(packet, 1)
    expect(bench.receiver.invalid).toBe(bad.length)
    expect(bench.receiver.status()).toMatchObject({ packetsReceived: 0, packetsSent: 0, chunksHeld: 0 })
  })

  test('[RX2] a number past the count that END named is invalid: the loss can not become negative', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.data([0, 0], [1, 1])
    bench.end(0, 3, true)
    bench.data([3, 3], [7, 4])
    bench.data([2, 2])
    bench.digest()
    expect(bench.receiver.invalid).toBe(2)
    expect(bench.receiver.report()).toMatchObject({ packetsSent: 3, packetsReceived: 3, packetsLost: 0 })
  })
})

describe('when the count is frozen', () => {
  test('[FZ1] Classic freezes at once when all that was sent is here, and nothing waits any more', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.data(...FIRST_PASS)
    expect(bench.receiver.frozen).toBe(false)
    bench.end(0, 5, true)
    expect(bench.receiver.frozen).toBe(true)
    bench.digest()
    expect(bench.receiver.report()).toMatchObject({ exact: true, packetsSent: 5, packetsReceived: 5 })
    bench.wait(1)
    expect(bench.receiver.pollTimeout()).toBeNull()
  })

  test('[FZ1] Repair freezes when it is whole and has all packets of the round it asked for last', () => {
    const bench = new Bench()
    bench.data(...FIRST_PASS.slice(0, 4))
    bench.end(0, 5)
    bench.wait(REPAIR_QUIET_MS)
    bench.data([5, 4])
    expect(bench.receiver.assembler.whole).toBe(true)
    expect(bench.receiver.frozen).toBe(false)
    bench.end(1, 6)
    // Number 4 is missing: it may still be on its way.
    expect(bench.receiver.frozen).toBe(false)
    bench.data([4, 4])
    expect(bench.receiver.frozen).toBe(true)
  })

  test('[FZ2] with packets missing it freezes after 500 ms of quiet, not before', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.data([0, 0], [1, 1])
    bench.now = 100
    bench.end(0, 5, true)
    bench.wait(100 + FREEZE_QUIET_MS - 1)
    expect(bench.receiver.frozen).toBe(false)
    bench.data([3, 3])
    // A duplicate is no progress, or a flood of them could hold the count open.
    bench.wait(800)
    bench.data([3, 3])
    bench.wait(100 + 2 * FREEZE_QUIET_MS - 2)
    expect(bench.receiver.frozen).toBe(false)
    bench.wait(100 + 2 * FREEZE_QUIET_MS)
    expect(bench.receiver.frozen).toBe(true)
    expect(bench.receiver.errorCode).toBe('SHOAL_INCOMPLETE')
    bench.digest('f'.repeat(64))
    expect(bench.receiver.report()).toMatchObject({
      exact: false,
      packetsSent: 5,
      packetsReceived: 3,
      duplicates: 1,
      completedAtMs: 1099,
    })
  })

  test('[FZ2] an END that does not say final starts no quiet time, and takes no final one back', () => {
    const bench = new Bench()
    bench.data(...FIRST_PASS.slice(0, 4))
    bench.data([5, 4])
    bench.end(0, 7)
    bench.wait(5000)
    expect(bench.receiver.frozen).toBe(false)
    bench.data([4, 4])
    bench.end(0, 7, true)
    bench.end(0, 7)
    bench.wait(5000 + FREEZE_QUIET_MS)
    expect(bench.receiver.frozen).toBe(true)
    expect(bench.receiver.status().packetsReceived).toBe(6)
  })

  test('[FZ3] Repair does not freeze with holes while the sender lives', () => {
    const bench = new Bench()
    bench.data([0, 0])
    for (let at = 100; at < 20_000; at += 900) {
      bench.end(bench.receiver.status().repairRounds, 5)
      bench.wait(at)
      expect(bench.receiver.frozen).toBe(false)
    }
  })

  test('[FZ3] nor when all that was sent is here, but not all of the picture was sent', () => {
    const bench = new Bench()
    bench.data([0, 0], [1, 1])
    bench.end(0, 2)
    expect(bench.receiver.frozen).toBe(false)
    bench.wait(REPAIR_QUIET_MS)
    expect(bench.requests()).toMatchObject([{ round: 1, runs: [{ start: 2, length: 3 }] }])
  })

  test('[RP9] a sender that gives up ends Repair with holes: the count is final and nothing is asked for', () => {
    const bench = new Bench()
    bench.data([0, 0])
    bench.end(0, 5, true)
    bench.wait(FREEZE_QUIET_MS)
    expect(bench.requests()).toEqual([])
    expect(bench.receiver).toMatchObject({ frozen: true, errorCode: 'SHOAL_INCOMPLETE' })
  })

  test('[FZ6] what arrives after the freeze is late: it fills no hole and changes no count', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.data([0, 0])
    bench.end(0, 5, true)
    bench.wait(FREEZE_QUIET_MS)
    bench.digest()
    const before = bench.receiver.report()
    bench.data([1, 1], [0, 0])
    expect(bench.receiver.assembler.held).toBe(1)
    expect(bench.receiver.report()).toEqual({ ...before, lateAfterFreeze: 2 })
    expect(bench.lines).toHaveLength(1)
  })

  test('[FZ5] a repair opens the count again, with what was known of it', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.data([0, 0], [1, 1])
    bench.end(0, 5, true)
    bench.wait(FREEZE_QUIET_MS)
    bench.digest('f'.repeat(64))
    bench.data([2, 2])
    bench.receiver.startRepair(bench.now)
    expect(bench.receiver.phase).toBe('repairing')
    bench.data([5, 2], [6, 3], [7, 4])
    bench.end(1, 8)
    expect(bench.receiver.frozen).toBe(false)
    // Numbers 2, 3 and 4 stay lost: 2 came while the count was frozen.
    bench.end(1, 8, true)
    bench.wait(2000)
    bench.digest()
    expect(bench.receiver.report()).toMatchObject({
      exact: true,
      packetsSent: 8,
      packetsReceived: 5,
      packetsLost: 3,
      lateAfterFreeze: 1,
      repaired: 3,
      repairRounds: 1,
    })
  })
})

describe('END', () => {
  test('[RX5] of another round is heard as a sign of life alone', () => {
    const bench = new Bench()
    bench.data([0, 0])
    bench.end(0, 5)
    bench.wait(REPAIR_QUIET_MS)
    bench.requests()
    bench.end(0, 5)
    bench.end(0, 5)
    bench.end(2, 9)
    bench.wait(REPAIR_QUIET_MS + 100)
    expect(bench.receiver.status()).toMatchObject({ repairRounds: 1, packetsSent: 5 })
    expect(bench.requests()).toEqual([])
  })

  test('[RX5] Classic’s END of the first pass, come late, does not freeze the count of a repair', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.data([0, 0], [1, 1], [2, 2], [3, 3])
    bench.end(0, 5, true)
    bench.wait(FREEZE_QUIET_MS)
    bench.digest('f'.repeat(64))
    bench.receiver.startRepair(bench.now)
    // The missing packet was only late, and the sender is about to send number 5.
    bench.data([4, 4])
    bench.end(0, 5, true)
    expect(bench.receiver.frozen).toBe(false)
    bench.data([5, 4])
    bench.end(1, 6, true)
    bench.digest()
    expect(bench.receiver.report()).toMatchObject({ packetsSent: 6, packetsReceived: 6, repaired: 0 })
  })

  test('[RX5] below what has arrived contradicts itself: it counts as invalid and as no sign of life', () => {
    const bench = new Bench()
    bench.data([0, 0], [900, 1])
    for (let at = 0; at < PEER_SILENT_MS; at += 1000) {
      bench.end(0, 5)
      bench.wait(at)
    }
    bench.wait(PEER_SILENT_MS)
    expect(bench.receiver.invalid).toBe(30)
    expect(bench.receiver).toMatchObject({ frozen: true, errorCode: 'SHOAL_PEER_SILENT' })
  })

  test('[RX5] with a count that no sender may reach is invalid', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.end(0, packetNumberLimit(5) + 1, true)
    bench.end(0, 0xffffffff, true)
    bench.wait(FREEZE_QUIET_MS)
    expect(bench.receiver).toMatchObject({ invalid: 2, frozen: false })
  })
})

describe('repair', () => {
  test('[RP1] is asked for soon when the last packet of the round is here, whatever came first of the two', () => {
    for (const endFirst of [true, false]) {
      const bench = new Bench()
      bench.data([0, 0], [2, 2])
      if (endFirst) bench.end(0, 5)
      bench.wait(10)
      bench.data([4, 4])
      if (!endFirst) bench.end(0, 5)
      bench.wait(10 + REPAIR_QUIET_LAST_MS - 1)
      expect(bench.requests()).toEqual([])
      bench.wait(10 + REPAIR_QUIET_LAST_MS)
      expect(bench.requests()).toHaveLength(1)
    }
  })

  test('[RP1] is asked for 25 ms after the last packet, once END is here', () => {
    const bench = new Bench()
    bench.data([0, 0], [2, 2])
    bench.wait(50)
    expect(bench.requests()).toEqual([])
    bench.end(0, 5)
    bench.wait(50 + REPAIR_QUIET_MS - 1)
    expect(bench.requests()).toEqual([])
    bench.data([3, 3])
    bench.wait(50 + 2 * REPAIR_QUIET_MS - 2)
    expect(bench.requests()).toEqual([])
    bench.wait(50 + 2 * REPAIR_QUIET_MS)
    expect(bench.requests()).toEqual([
      {
        round: 1,
        part: 0,
        parts: 1,
        runs: [
          { start: 1, length: 1 },
          { start: 4, length: 1 },
        ],
      },
    ])
  })

  test('[RP3] is repeated under the same round until its END comes, with what is missing by then', () => {
    const bench = new Bench()
    bench.data([0, 0])
    bench.end(0, 5)
    bench.wait(2000)
    const requests = bench.requests()
    expect(requests.length).toBeGreaterThan(3)
    expect(requests.every(({ round }) => round === 1)).toBe(true)
    bench.data([5, 1], [6, 2], [7, 3])
    bench.wait(4000)
    expect(bench.requests().at(-1)?.runs).toEqual([{ start: 4, length: 1 }])
    bench.end(1, 9)
    bench.wait(4000 + REPAIR_QUIET_MS)
    expect(bench.requests()).toMatchObject([{ round: 2 }])
  })

  test('[RP3] is not repeated while it is being answered', () => {
    const bench = new Bench()
    bench.data([0, 0])
    bench.end(0, 105)
    bench.wait(REPAIR_QUIET_MS)
    bench.requests()
    for (let number = 105; number < 205; number++) {
      bench.wait(bench.now + 100)
      bench.data([number, 1])
    }
    expect(bench.requests()).toEqual([])
    bench.wait(bench.now + CONTROL_RETRY_MIN_MS)
    expect(bench.requests()).toHaveLength(1)
  })

  test('[RP3] ends when the last chunk is here', () => {
    const bench = new Bench()
    bench.data(...FIRST_PASS.slice(0, 4))
    bench.end(0, 5)
    bench.wait(REPAIR_QUIET_MS)
    bench.data([5, 4])
    bench.requests()
    bench.wait(10_000)
    expect(bench.requests()).toEqual([])
  })

  test('[CT13] the first preview counts, and none after the freeze', () => {
    const bench = new Bench()
    bench.receiver.handlePreviewShown(7)
    bench.receiver.handlePreviewShown(9)
    expect(bench.receiver.status().previewAtMs).toBe(7)
    const late = new Bench()
    late.data([0, 0], [1, 1], [2, 2], [3, 3], [4, 4])
    late.end(0, 5, true)
    late.receiver.handlePreviewShown(late.now)
    expect(late.receiver.status().previewAtMs).toBeNull()
  })

  test('[RP7] is not begun before the final report, nor for a whole picture', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.data([0, 0])
    bench.receiver.startRepair(0)
    bench.end(0, 5, true)
    bench.wait(FREEZE_QUIET_MS)
    // Frozen, but a digest of the picture with holes is still being taken: it must not become that of the whole.
    expect(bench.receiver.pollHeld()).toBe(true)
    bench.receiver.startRepair(bench.now)
    expect(bench.receiver.status().repairRounds).toBe(0)
    bench.receiver.handleDigest('f'.repeat(64), bench.now)
    bench.receiver.startRepair(bench.now)
    expect(bench.receiver.status().repairRounds).toBe(1)
    expect(bench.receiver.report()).toBeNull()
    bench.data([5, 1], [6, 2], [7, 3], [8, 4])
    bench.end(1, 9, true)
    bench.wait(2000)
    bench.digest()
    bench.receiver.startRepair(bench.now)
    expect(bench.receiver.report()).toMatchObject({ exact: true, repairRounds: 1 })
  })

  test('[RP8] that is refused leaves the picture as it was, and the count of the first pass', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.data([0, 0], [1, 1])
    bench.end(0, 5, true)
    bench.wait(FREEZE_QUIET_MS)
    bench.digest('f'.repeat(64))
    const before = bench.receiver.report()
    bench.receiver.startRepair(bench.now)
    bench.receiver.refuseRepair(bench.now)
    expect(bench.receiver.errorCode).toBe('SHOAL_REPAIR_UNAVAILABLE')
    bench.digest('f'.repeat(64))
    expect(bench.receiver.report()).toEqual({ ...before, repairRounds: 1, completedAtMs: bench.now })
  })

  test('[RP9] gives up after 65 535 rounds', () => {
    const bench = new Bench()
    bench.data([0, 0])
    for (let round = 0; round <= 0xffff; round++) {
      bench.end(round, 5)
      bench.now += REPAIR_QUIET_MS
      bench.receiver.handleTimeout(bench.now)
      if (bench.receiver.frozen) break
      const asked = bench.requests()[0]?.round
      if (asked !== round + 1) expect(asked).toBe(round + 1)
    }
    expect(bench.receiver).toMatchObject({ frozen: true, errorCode: 'SHOAL_INCOMPLETE' })
    expect(bench.receiver.status().repairRounds).toBe(0xffff)
    bench.digest()
    bench.receiver.startRepair(bench.now)
    expect(bench.receiver.final).toBe(true)
  })
})

describe('REPORT', () => {
  test('[RX3] answers the announcement at once and data every 100 ms, and stops with the data', () => {
    const bench = new Bench()
    bench.wait(0)
    expect(bench.reports()).toHaveLength(1)
    bench.data([0, 0])
    bench.data([1, 1])
    bench.wait(REPORT_INTERVAL_MS - 1)
    expect(bench.reports()).toHaveLength(0)
    bench.wait(5000)
    expect(bench.reports()).toMatchObject([{ packetsReceived: 2, phase: 'receiving' }])
  })

  test('[RX3] says whole, frozen and final at once', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.wait(0)
    bench.reports()
    bench.data(...FIRST_PASS)
    bench.wait(0)
    bench.end(0, 5, true)
    bench.wait(0)
    bench.digest()
    bench.wait(0)
    expect(bench.reports().map(({ phase }) => phase)).toEqual(['whole', 'whole', 'final'])
  })

  test('[RX3] answers copies of END and MANIFEST once, and a repeated END also after the end', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.wait(0)
    bench.data(...FIRST_PASS)
    bench.end(0, 5, true)
    bench.digest()
    bench.wait(10)
    bench.reports()
    for (let i = 0; i < 50; i++) {
      bench.end(0, 5, true)
      bench.receiver.handleManifest(bench.now)
    }
    bench.wait(10 + 2 * REPORT_INTERVAL_MS)
    expect(bench.reports()).toMatchObject([{ phase: 'final', exact: true, sha256: digestOf(BYTES) }])
    expect(bench.receiver.pollTimeout()).toBeNull()
  })
})

describe('the digest', () => {
  test('[RX6] is asked for once when the picture is whole, and makes the report final with the freeze', () => {
    const bench = new Bench()
    bench.data(...FIRST_PASS)
    expect([bench.receiver.pollHeld(), bench.receiver.pollHeld()]).toEqual([true, false])
    bench.receiver.handleDigest(digestOf(BYTES), 1)
    expect(bench.receiver.final).toBe(false)
    bench.end(0, 5)
    expect(bench.receiver).toMatchObject({ final: true, exact: true, errorCode: null })
  })

  test('[RX6] that is not the announced one is said, and no repair is offered', () => {
    const bench = new Bench({ sha256: 'a'.repeat(64) })
    bench.data(...FIRST_PASS)
    bench.end(0, 5)
    bench.digest()
    expect(bench.receiver).toMatchObject({ final: true, exact: false, errorCode: 'SHOAL_DIGEST_MISMATCH' })
  })

  test('[RX6] that nobody asked for is ignored', () => {
    const bench = new Bench()
    bench.receiver.handleDigest('0'.repeat(64), 0)
    bench.data(...FIRST_PASS)
    expect(bench.receiver.pollHeld()).toBe(true)
  })
})

describe('silence', () => {
  test('[RX7] [FZ4] of 30 s ends the transfer with what is held', () => {
    const bench = new Bench()
    bench.data([0, 0])
    bench.wait(PEER_SILENT_MS - 1)
    expect(bench.receiver.frozen).toBe(false)
    bench.wait(PEER_SILENT_MS)
    expect(bench.receiver).toMatchObject({ frozen: true, errorCode: 'SHOAL_PEER_SILENT' })
    bench.digest('f'.repeat(64))
    expect(bench.receiver.report()).toMatchObject({ packetsSent: 1, packetsReceived: 1, exact: false })
  })

  test('[EP6] is not silence while the peer is heard on another transfer', () => {
    const bench = new Bench()
    bench.wait(PEER_SILENT_MS - 1)
    bench.peer.lastHeardAt = bench.now
    bench.wait(2 * PEER_SILENT_MS - 2)
    expect(bench.receiver.frozen).toBe(false)
    bench.wait(2 * PEER_SILENT_MS)
    expect(bench.receiver.frozen).toBe(true)
  })

  test('[EP1] times that round do not make a timer spin: what is due is done', () => {
    // At every fifth of these times 30 000 added and taken away again leaves a little less than 30 000.
    for (let start = 0; start < 200; start++) {
      const now = 3000 + start * 0.0137
      const receiver = new PictureReceiver(ID, manifestOf(BYTES), {}, now)
      receiver.handleTimeout(now)
      const due = receiver.pollTimeout()
      receiver.handleTimeout(due!)
      expect(receiver.frozen).toBe(true)
    }
  })
})
