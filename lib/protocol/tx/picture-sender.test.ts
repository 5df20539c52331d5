import { describe, expect, test } from 'vitest'

import { DelayRateController } from '../congestion/delay-rate'
import { CONTROL_RETRY_MIN_MS, PEER_SILENT_MS, REPAIR_PARTS_WAIT_MS } from '../constants'
import { chunkOf, digestOf, ID, manifestOf, pictureOf, statusOf, takeControl, takeOf } from '../fixtures'
import type { Manifest } from '../packet/manifest'
import type { Run } from '../packet/repair'
import type { ReceiverStatus } from '../packet/status'
import { PeerLiveness } from '../peer-liveness'
import { packetNumberLimit } from '../rx/packet-counter'
import { parsePacket } from '../wire'
import { PictureSender } from './picture-sender'
import { SymbolStream } from './symbol-stream'

/** Five chunks, the last of 100 bytes. */
const BYTES = 4196
const picture = pictureOf(BYTES)

class Bench {
  readonly sender: PictureSender
  readonly peer = new PeerLiveness()
  now = 0

  constructor(changes: Partial<Manifest> = {}) {
    this.sender = new PictureSender(ID, manifestOf(BYTES, changes), picture, 0, this.peer)
  }

  status(changes: Partial<ReceiverStatus>): void {
    this.sender.handleStatus(statusOf(changes), this.now)
  }

  repair(round: number, runs: readonly Run[], part = 0, parts = 1): void {
    this.sender.handleRepair({ round, part, parts, runs }, this.now)
  }

  /** Sends all there is to send and drains the lane; the chunks by packet number. */
  stream(): [number, number][] {
    const sent: [number, number][] = []
    for (let bytes = this.sender.pollData(); bytes; bytes = this.sender.pollData()) {
      const result = parsePacket(bytes)
      if ('error' in result || result.packet.type !== 'data') throw new Error('no data packet')
      const { packetNumber, chunkIndex, payload } = result.packet.data
      expect(Buffer.compare(payload, chunkOf(picture, chunkIndex))).toBe(0)
      sent.push([packetNumber, chunkIndex])
    }
    this.sender.handleDrained(this.now)
    return sent
  }

  /** Announced, answered, first pass handed over: END 0 waits for its answer. */
  firstPass(): this {
    this.status({})
    this.stream()
    takeControl(this.sender)
    return this
  }

  wait(atMs: number): void {
    for (let looks = 0; ; looks++) {
      const due = this.sender.pollTimeout()
      if (due === null || due > atMs) break
      if (looks > 10_000) throw new Error('a timer that does not come to an end')
      this.now = Math.max(this.now, due)
      this.sender.handleTimeout(this.now)
    }
    this.now = atMs
  }

  ends() {
    return takeOf(this.sender, 'end')
  }
}

const HOLES: readonly Run[] = [
  { start: 1, length: 2 },
  { start: 4, length: 1 },
]
const HALF = { packetsReceived: 2, packetsSent: 5, chunksHeld: 2 } as const
const WHOLE = { phase: 'whole', packetsReceived: 5, packetsSent: 5, chunksHeld: 5 } as const
const EXACT = { ...WHOLE, phase: 'final', exact: true, sha256: digestOf(BYTES) } as const
const INCOMPLETE = { ...HALF, phase: 'final', sha256: 'f'.repeat(64) } as const

describe('the announcement', () => {
  test('[MF1] [TX1] is repeated until the receiver answers, and no data goes out before', () => {
    const bench = new Bench()
    expect(takeOf(bench.sender, 'manifest')).toEqual([manifestOf(BYTES)])
    expect(bench.sender.pollData()).toBeNull()
    bench.wait(5000)
    expect(takeOf(bench.sender, 'manifest').length).toBeGreaterThan(4)
    bench.status({})
    bench.wait(6000)
    expect(takeControl(bench.sender)).toEqual([])
    expect(bench.sender.phase).toBe('streaming')
  })

  test('[TX5] without an answer for 30 s ends the transfer', () => {
    const bench = new Bench()
    bench.peer.lastHeardAt = PEER_SILENT_MS - 10
    bench.wait(PEER_SILENT_MS - 1)
    expect(bench.sender.phase).toBe('announcing')
    bench.wait(PEER_SILENT_MS)
    expect(bench.sender).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_PEER_SILENT' })
    expect(bench.sender.pollTimeout()).toBeNull()
  })
})

describe('a pass', () => {
  test('[TX2] [CT1] sends each chunk once, in order, each under the next number', () => {
    const bench = new Bench()
    bench.status({})
    const first = [0, 1, 2, 3, 4].map((i) => [i, i])
    expect(bench.stream()).toEqual(first)
    bench.repair(1, HOLES)
    expect(bench.stream()).toEqual([
      [5, 1],
      [6, 2],
      [7, 4],
    ])
  })

  test('[TX3] ends with END once the lane is drained, repeated until it is answered', () => {
    const bench = new Bench()
    bench.status({})
    takeControl(bench.sender)
    for (let i = 0; i < 5; i++) bench.sender.pollData()
    expect(bench.sender.wantsDrain).toBe(true)
    expect(takeControl(bench.sender)).toEqual([])
    bench.sender.handleDrained(10)
    expect(bench.sender.wantsDrain).toBe(false)
    expect(bench.ends()).toMatchObject([{ round: 0, packetsSent: 5, final: false }])
    bench.wait(5000)
    const repeated = bench.ends()
    expect(repeated.length).toBeGreaterThan(4)
    expect(repeated.at(-1)).toMatchObject({ round: 0, packetsSent: 5, final: false })
  })

  test('[CT7] of Classic is the only one: ceil(bytes / 1024) packets, and its END is final', () => {
    const bench = new Bench({ mode: 'classic' })
    bench.status({})
    expect(bench.stream()).toHaveLength(Math.ceil(BYTES / 1024))
    expect(bench.ends()).toMatchObject([{ round: 0, packetsSent: 5, final: true }])
  })

  test('[CT11] END says what carried the packets, the same in every repeat', () => {
    const bench = new Bench()
    bench.status({})
    takeControl(bench.sender)
    for (let i = 0; i < 5; i++) bench.sender.pollData()
    const [one, another] = [{}, {}]
    bench.sender.handleCarried(one, 'direct', 1041)
    bench.sender.handleCarried(another, 'relay', 2000)
    bench.sender.handleDrained(bench.now)
    const said = { lanes: 2, path: 'relay', relayedBytes: 2000, bytesSent: BYTES, minRttMs: null }
    expect(bench.ends()).toMatchObject([said])
    bench.sender.handleCarried({}, 'relay', 2000)
    bench.wait(bench.now + 1000)
    expect(bench.ends().at(-1)).toMatchObject(said)
  })

  test('[TX4] stops at once when the receiver says that it is whole, and says so in a final END', () => {
    const bench = new Bench().firstPass()
    bench.repair(1, [{ start: 0, length: 5 }])
    bench.sender.pollData()
    bench.status({ ...WHOLE, repairRounds: 1 })
    expect(bench.stream()).toEqual([])
    expect(bench.ends()).toMatchObject([{ round: 1, packetsSent: 6, final: true }])
    bench.status({ ...WHOLE, repairRounds: 1 })
    expect(bench.ends()).toMatchObject([])
    bench.wait(1000)
    expect(bench.ends().every(({ final }) => final)).toBe(true)
  })

  test('[TX4] does not wait for parts of a request of a receiver that is whole by now', () => {
    const bench = new Bench().firstPass()
    bench.repair(1, [{ start: 0, length: 1 }], 0, 2)
    bench.stream()
    expect(bench.ends()).toMatchObject([])
    bench.status({ ...WHOLE, repairRounds: 1 })
    expect(bench.ends()).toMatchObject([{ round: 1, packetsSent: 6, final: true }])
  })

  test('[TX8] is not prolonged by parts of a request of a receiver that is whole by now', () => {
    const bench = new Bench().firstPass()
    bench.repair(1, [{ start: 0, length: 1 }], 0, 2)
    bench.sender.pollData()
    bench.status({ ...WHOLE, repairRounds: 1 })
    bench.repair(1, [{ start: 2, length: 1 }], 1, 2)
    expect(bench.stream()).toEqual([])
  })

  test('[TX4] names the round of a receiver that became whole while its request was lost', () => {
    const bench = new Bench().firstPass()
    bench.status({ ...WHOLE, repairRounds: 3 })
    expect(bench.ends()).toMatchObject([{ round: 3, packetsSent: 5, final: true }])
  })
})

describe('REPORT', () => {
  test('[CT6] that is final makes the report with our own count of what was sent', () => {
    const bench = new Bench({ mode: 'classic' }).firstPass()
    bench.status({ ...INCOMPLETE, packetsSent: 4 })
    expect(bench.sender).toMatchObject({ phase: 'final', errorCode: 'SHOAL_INCOMPLETE' })
    expect(bench.sender.report()).toMatchObject({ packetsSent: 5, packetsReceived: 2, packetsLost: 3 })
    expect(bench.sender.pollTimeout()).toBeNull()
  })

  test('[TX9] of an exact picture ends everything and gives its memory back', () => {
    const bench = new Bench().firstPass()
    bench.status(EXACT)
    expect(bench.sender).toMatchObject({ phase: 'final', errorCode: null, whole: true, over: true })
    expect(bench.sender.pollTimeout()).toBeNull()
    bench.repair(1, HOLES)
    expect(bench.sender.phase).toBe('final')
    expect(bench.sender.pollData()).toBeNull()
  })

  test('[TX9] of a whole picture with another digest is said, and not repaired', () => {
    const bench = new Bench().firstPass()
    bench.status({ ...EXACT, exact: false, sha256: 'a'.repeat(64) })
    expect(bench.sender.errorCode).toBe('SHOAL_DIGEST_MISMATCH')
    bench.repair(1, HOLES)
    expect(bench.sender.phase).toBe('final')
  })

  test('[TX6] that was overtaken by a newer one is ignored', () => {
    const bench = new Bench().firstPass()
    bench.status(HALF)
    bench.status({ packetsReceived: 1, packetsSent: 5, chunksHeld: 1 })
    expect(bench.sender.status?.packetsReceived).toBe(2)
    bench.status(WHOLE)
    bench.status(HALF)
    expect(bench.sender.status?.phase).toBe('whole')
    bench.status(EXACT)
    bench.status(WHOLE)
    expect(bench.sender.status?.phase).toBe('final')
  })

  test('[TX8] that is stale does not let a stale request open a round after the final END', () => {
    const bench = new Bench().firstPass()
    bench.status(HALF)
    bench.status({ ...WHOLE, repairRounds: 1 })
    bench.ends()
    bench.status(HALF)
    bench.repair(1, HOLES)
    bench.repair(2, HOLES)
    expect(bench.stream()).toEqual([])
    expect(bench.sender.packetsSent).toBe(5)
  })

  test('[TX6] of the end before a repair, come late, does not end the repair', () => {
    const bench = new Bench({ mode: 'classic' }).firstPass()
    bench.status(INCOMPLETE)
    bench.repair(1, HOLES)
    expect(bench.sender.status).toMatchObject({ phase: 'receiving', packetsReceived: 2 })
    bench.status(INCOMPLETE)
    expect(bench.sender.phase).toBe('streaming')
    expect(bench.stream()).toHaveLength(3)
  })

  test('[TX4] of a picture that became whole after its final REPORT asks for END again', () => {
    const bench = new Bench({ mode: 'classic' }).firstPass()
    bench.status(INCOMPLETE)
    // The person asked for repair, the request was lost, and the missing packets were only late.
    bench.status({ ...WHOLE, repairRounds: 1 })
    expect(bench.sender).toMatchObject({ phase: 'waiting', errorCode: null })
    expect(bench.ends()).toMatchObject([{ round: 1, packetsSent: 5, final: true }])
    bench.status({ ...EXACT, repairRounds: 1 })
    expect(bench.sender.report()).toMatchObject({ exact: true, packetsSent: 5, repairRounds: 1 })
  })

  test.each([
    ['more packets than were sent', { packetsReceived: 6, packetsSent: 6, chunksHeld: 5 }],
    ['more chunks than the picture has', { packetsReceived: 5, packetsSent: 5, chunksHeld: 6 }],
    ['more chunks than packets', { packetsReceived: 2, packetsSent: 5, chunksHeld: 3 }],
    ['wholeness with holes', { ...HALF, phase: 'whole' }],
    ['a wish for more without holes', { ...WHOLE, phase: 'receiving' }],
    ['exactness with holes', { ...INCOMPLETE, exact: true, sha256: digestOf(BYTES) }],
    ['exactness with another digest', { ...EXACT, sha256: 'a'.repeat(64) }],
  ] as const)('[TX7] of %s is counted as invalid and ignored', (_what, changes) => {
    const bench = new Bench().firstPass()
    bench.now = 10
    bench.status(changes)
    expect(bench.sender).toMatchObject({ invalid: 1, phase: 'waiting' })
    // No sign of life either.
    bench.wait(PEER_SILENT_MS)
    expect(bench.sender.phase).toBe('failed')
  })
})

describe('REPAIR', () => {
  test('[RP4] opens the round after the one that ended, and only once', () => {
    const bench = new Bench().firstPass()
    bench.repair(1, HOLES)
    bench.repair(1, HOLES)
    expect(bench.sender.round).toBe(1)
    expect(bench.stream()).toHaveLength(3)
    expect(bench.ends()).toMatchObject([{ round: 1, packetsSent: 8, final: false }])
    bench.repair(1, HOLES)
    expect(bench.stream()).toEqual([])
  })

  test('[RP4] does not open a round while another goes out, nor an old one', () => {
    const bench = new Bench()
    bench.status({})
    bench.repair(1, HOLES)
    expect(bench.sender.round).toBe(0)
    bench.stream()
    bench.repair(2, HOLES)
    bench.stream()
    bench.repair(1, HOLES)
    expect(bench.sender).toMatchObject({ round: 2, phase: 'waiting', packetsSent: 8 })
  })

  test('[RP5] waits 50 ms for the parts that are on their way, and counts none twice', () => {
    const bench = new Bench().firstPass()
    bench.repair(1, [{ start: 0, length: 1 }], 0, 3)
    expect(bench.stream()).toEqual([[5, 0]])
    expect(bench.ends()).toMatchObject([])
    bench.repair(1, [{ start: 0, length: 1 }], 0, 3)
    bench.repair(1, [{ start: 2, length: 1 }], 2, 3)
    expect(bench.stream()).toEqual([[6, 2]])
    bench.wait(REPAIR_PARTS_WAIT_MS)
    expect(bench.ends()).toMatchObject([{ round: 1, packetsSent: 7, final: false }])
    bench.repair(1, [{ start: 1, length: 1 }], 1, 3)
    expect(bench.stream()).toEqual([])
  })

  test('[RP5] ends the round at once when all parts are here', () => {
    const bench = new Bench().firstPass()
    bench.repair(1, [{ start: 2, length: 1 }], 1, 2)
    bench.repair(1, [{ start: 0, length: 1 }], 0, 2)
    bench.stream()
    expect(bench.ends()).toMatchObject([{ round: 1, packetsSent: 7, final: false }])
  })

  test('[RP6] of the round that has ended is answered by END, but not each of its copies', () => {
    const bench = new Bench().firstPass()
    bench.repair(1, HOLES)
    bench.stream()
    bench.ends()
    for (let copy = 0; copy < 20; copy++) bench.repair(1, HOLES)
    expect(bench.ends()).toMatchObject([])
    bench.now = CONTROL_RETRY_MIN_MS
    for (let copy = 0; copy < 20; copy++) bench.repair(1, HOLES)
    expect(bench.ends()).toMatchObject([{ round: 1, packetsSent: 8, final: false }])
  })

  test('[RP4] for chunks that the picture does not have is invalid', () => {
    const bench = new Bench().firstPass()
    bench.repair(1, [
      { start: 0, length: 1 },
      { start: 4, length: 2 },
    ])
    bench.repair(1, [{ start: 0, length: 0xffffffff }])
    bench.repair(1, [])
    expect(bench.sender).toMatchObject({ invalid: 3, round: 0, phase: 'waiting' })
  })

  test('[RP4] takes up a transfer that had ended in silence, also in the round that was under way', () => {
    const bench = new Bench().firstPass()
    bench.repair(1, HOLES)
    bench.stream()
    bench.wait(PEER_SILENT_MS)
    expect(bench.sender.phase).toBe('failed')
    bench.repair(1, HOLES)
    expect(bench.sender).toMatchObject({ phase: 'streaming', errorCode: null })
    expect(bench.stream()).toHaveLength(3)
    bench.ends()
    bench.wait(2 * PEER_SILENT_MS)
    bench.repair(2, HOLES)
    expect(bench.stream()).toHaveLength(3)
  })

  test('[RP9] [LM4] past the bound on packet numbers is answered by a final END alone', () => {
    const bench = new Bench().firstPass()
    const limit = packetNumberLimit(5)
    for (let round = 1; round <= limit && !bench.ends().some(({ final }) => final); round++) {
      expect(bench.sender.packetsSent).toBeLessThanOrEqual(limit)
      bench.repair(round, [{ start: 0, length: 5 }])
      bench.stream()
    }
    expect(bench.sender).toMatchObject({ phase: 'waiting', packetsSent: limit })
    bench.status({ ...INCOMPLETE, packetsSent: limit, repairRounds: bench.sender.round })
    expect(bench.sender).toMatchObject({ phase: 'final', errorCode: 'SHOAL_INCOMPLETE' })
    bench.repair(bench.sender.round + 1, HOLES)
    expect(bench.stream()).toEqual([])
    expect(bench.ends()).toMatchObject([{ final: true, packetsSent: limit }])
  })
})

describe('silence', () => {
  test('[EP1] times that round do not make a timer spin: what is due is done', () => {
    // At every fifth of these times 30 000 added and taken away again leaves a little less than 30 000.
    for (let start = 0; start < 200; start++) {
      const sender = new PictureSender(ID, manifestOf(BYTES), picture, 3000 + start * 0.0137)
      let due = sender.pollTimeout()
      for (let looks = 0; due !== null && looks < 100; looks++) {
        sender.handleTimeout(due)
        due = sender.pollTimeout()
      }
      expect(sender.phase).toBe('failed')
    }
  })

  test('[TX5] while packets go out is broken by any packet of the peer', () => {
    const bench = new Bench()
    bench.status({})
    bench.sender.pollData()
    bench.wait(PEER_SILENT_MS - 1)
    bench.peer.lastHeardAt = bench.now
    bench.wait(2 * PEER_SILENT_MS - 2)
    expect(bench.sender.phase).toBe('streaming')
    // The wait for an answer begins with END, not with the last answer.
    bench.stream()
    bench.wait(3 * PEER_SILENT_MS - 3)
    expect(bench.sender.phase).toBe('waiting')
    bench.wait(3 * PEER_SILENT_MS)
    expect(bench.sender).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_PEER_SILENT' })
  })
})

test('[RP5] copies of a request for a round of Assured put no data packets beside its symbols', () => {
  const manifest = manifestOf(BYTES, { mode: 'assured' })
  const controller = new DelayRateController()
  const stream = new SymbolStream({ transferId: ID, manifest, picture, controller, canCode: false })
  const sender = new PictureSender(ID, manifest, picture, 0, new PeerLiveness(), stream)
  for (let now = 0; now < 100; now++) while (sender.pollSymbol(now)) expect(sender.pollData()).toBeNull()
  sender.handleStatus(statusOf(INCOMPLETE), 100)
  expect(sender.phase).toBe('final')
  for (let copy = 0; copy < 3; copy++) {
    sender.handleRepair({ round: 1, part: 0, parts: 1, runs: HOLES }, 200)
    expect([sender.phase, sender.pollData()]).toEqual(['streaming', null])
  }
})
