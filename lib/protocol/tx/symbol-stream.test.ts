import { describe, expect, test } from 'vitest'

import { DelayRateController } from '../congestion/delay-rate'
import { type Feedback, RECENT_PACKETS } from '../packet/feedback'
import { chunkCountOf, type Manifest } from '../packet/manifest'
import { parseSymbol } from '../packet/symbol'
import { SymbolStream } from './symbol-stream'

const BYTES = 20 * 1024

function stream(options: { rttMs?: number; canCode?: boolean; controller?: DelayRateController } = {}) {
  const controller = options.controller ?? new DelayRateController()
  controller.handleRtt(options.rttMs ?? 50)
  const manifest: Manifest = {
    mode: 'assured',
    type: 'image/jpeg',
    name: 'reef.jpg',
    bytes: BYTES,
    chunkCount: chunkCountOf(BYTES),
    width: 1,
    height: 1,
    channels: 3,
    startedAtMs: 0,
    sha256: '0'.repeat(64),
    placeholder: '',
  }
  return new SymbolStream({
    transferId: '0123456789abcdef',
    manifest,
    picture: new Uint8Array(BYTES),
    controller,
    canCode: options.canCode ?? true,
  })
}

/** Everything that leaves up to `until`, as symbol ids. */
function drain(tx: SymbolStream, from: number, until: number): number[] {
  const ids: number[] = []
  for (let now = from; now <= until; now++) {
    for (let packet = tx.poll(now); packet; packet = tx.poll(now)) {
      const result = parseSymbol(packet)
      if ('data' in result) ids.push(result.data.symbolId)
    }
  }
  return ids
}

function feedback(changes: Partial<Feedback>): Feedback {
  return {
    feedbackNumber: 1,
    packetsReceived: 0,
    packetsSeen: 0,
    echoTenths: 0,
    holdTenths: 0,
    receiverTenths: 0,
    queueDelayTenths: 0,
    doneBefore: 0,
    needs: [],
    recent: new Uint8Array(RECENT_PACKETS / 8),
    missing: [],
    ...changes,
  }
}

const coded = Array.from({ length: 16 }, (_, i) => ({ id: 20 + i, bytes: new Uint8Array(1024) }))
const all = Array.from({ length: 20 }, (_, i) => i)

describe('SymbolStream', () => {
  test('[AS2] every chunk leaves once, in order, then a margin of coded symbols, then nothing', () => {
    const tx = stream()
    expect(tx.poll(0)).not.toBeNull()
    const job = tx.pollEncode()
    expect(job).toMatchObject({ block: 0, size: 20 })
    expect(job?.source).toHaveLength(BYTES)
    tx.handleCoded(0, coded)
    const ids = drain(tx, 0, 200)
    expect(ids.slice(0, 19)).toEqual(all.slice(1))
    expect(ids.length).toBeGreaterThan(19)
    expect(ids.length).toBeLessThan(24)
    expect(drain(tx, 200, 240)).toEqual([])
  })

  test('[CC7] a packet of a lane that is merely behind is not counted as lost; one that is overtaken is, until it comes', () => {
    const controller = new DelayRateController()
    const tx = stream({ canCode: false, controller })
    const lanes = [{}, {}]
    // Packet n leaves at 3 n ms, in turn by two lanes, so that only its own lane can show that it is lost.
    for (let n = 0; n < 8; n++) {
      expect(tx.poll(3 * n)).not.toBeNull()
      tx.handleCarried(lanes[n % 2] ?? {})
    }
    const arrived = (feedbackNumber: number, seen: number, numbers: readonly number[]) => {
      const recent = new Uint8Array(RECENT_PACKETS / 8)
      for (const number of numbers) {
        const i = seen - 1 - number
        recent[i >> 3] = (recent[i >> 3] ?? 0) | (1 << (i & 7))
      }
      const packetsReceived = numbers.length
      tx.handleFeedback(feedback({ feedbackNumber, packetsReceived, packetsSeen: seen, recent }), 30)
    }
    arrived(1, 1, [0])
    // The second lane is behind: 1 may come.
    arrived(2, 3, [0, 2])
    expect(controller.lossRate).toBe(0)
    // Its own lane has carried 3 since: it is lost.
    arrived(3, 4, [0, 2, 3])
    expect(controller.lossRate).toBeCloseTo(1 / 4)
    arrived(4, 4, [0, 1, 2, 3])
    expect(controller.lossRate).toBe(0)
  })

  test('[AS8] nothing is taken for lost because a busy page was slow to say what is here', () => {
    const sentAgain = (echoMs: number): number => {
      const tx = stream()
      tx.poll(0)
      tx.handleCoded(0, coded)
      drain(tx, 0, 60)
      const recent = Uint8Array.of(1, ...new Uint8Array(RECENT_PACKETS / 8 - 1))
      const seen = { packetsReceived: 1, packetsSeen: 1, recent, needs: [{ block: 0, need: 19 }] }
      tx.handleFeedback(feedback({ ...seen, echoTenths: 10 * echoMs }), 160)
      return drain(tx, 160, 200).length
    }
    // The path's least round trip is 50 ms.
    expect(sentAgain(110)).toBeGreaterThan(10)
    expect(sentAgain(0)).toBeLessThan(3)
  })

  test('[AS3] without a code missing chunks are sent again, those that FEEDBACK names', () => {
    const tx = stream({ canCode: false })
    expect(drain(tx, 0, 100)).toEqual(all)
    const recent = new Uint8Array(RECENT_PACKETS / 8).fill(0xff)
    tx.handleFeedback(
      feedback({
        packetsReceived: 18,
        packetsSeen: 20,
        needs: [{ block: 0, need: 2 }],
        recent,
        missing: [
          { start: 3, length: 1 },
          { start: 7, length: 1 },
        ],
      }),
      200,
    )
    expect(drain(tx, 200, 240)).toEqual([3, 7])
  })

  test('[AS3] on a short path missing chunks are sent again although there is a code', () => {
    const tx = stream({ rttMs: 2 })
    expect(drain(tx, 0, 50)).toEqual(all)
    expect(tx.pollEncode()).toBeNull()
  })

  test('[AS6] an older FEEDBACK, or one of packets that were never sent, changes nothing', () => {
    const tx = stream({ canCode: false })
    drain(tx, 0, 100)
    const recent = new Uint8Array(RECENT_PACKETS / 8).fill(0xff)
    tx.handleFeedback(
      feedback({ feedbackNumber: 5, packetsReceived: 20, packetsSeen: 20, doneBefore: 1, recent }),
      200,
    )
    tx.handleFeedback(feedback({ feedbackNumber: 4, needs: [{ block: 0, need: 20 }] }), 201)
    tx.handleFeedback(feedback({ feedbackNumber: 6, packetsSeen: 21, needs: [{ block: 0, need: 20 }] }), 202)
    expect(drain(tx, 202, 240)).toEqual([])
  })

  test('[AS8] what is under way is given up when nothing is heard', () => {
    const tx = stream({ canCode: false })
    drain(tx, 0, 100)
    expect(tx.inFlight).toBe(20)
    expect(tx.pollTimeout()).toBe(250)
    tx.handleTimeout(250)
    expect(tx.inFlight).toBe(0)
    expect(drain(tx, 250, 2000).slice(0, 3)).toEqual([0, 1, 2])
  })
})
