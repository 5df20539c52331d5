import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { PathSample } from './controller'
import { DelayRateController } from './delay-rate'

const PACKET = 1047

/** A feedback after 40 ms in which so many packets came. */
function sample(now: number, changes: Partial<PathSample> = {}): PathSample {
  const arrivedPackets = changes.arrivedPackets ?? 40
  return {
    now,
    receiverSpanMs: 40,
    senderSpanMs: 40,
    arrivedPackets,
    arrivedBytes: arrivedPackets * PACKET,
    lostPackets: 0,
    queueDelayMs: 0,
    rttMs: 50,
    ...changes,
  }
}

/** Bytes that leave from `from` to `to` when asked every `stepMs`. */
function drain(controller: DelayRateController, from: number, to: number, stepMs: number): number {
  let bytes = 0
  for (let now = from; now <= to; now += stepMs) {
    while (controller.maySend(PACKET, now)) {
      controller.handleSent(PACKET, now)
      bytes += PACKET
    }
  }
  return bytes
}

describe('DelayRateController', () => {
  test('[CC1] no more leaves than the rate allows, but for four packets and 32 ms to catch up with', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 200 }), (stepMs, rttMs) => {
        const controller = new DelayRateController()
        controller.handleRtt(rttMs)
        const bytes = drain(controller, 0, 600, stepMs)
        const allowed = controller.rateBytesPerMs * (600 + 32) + 5 * PACKET
        expect(bytes).toBeLessThanOrEqual(allowed)
      }),
    )
  })

  test('[CC1] a timer that is at most 32 ms late costs nothing', () => {
    const controller = new DelayRateController()
    const bytes = drain(controller, 0, 1600, 32)
    expect(bytes).toBeGreaterThan(controller.rateBytesPerMs * 1600 - 2 * PACKET)
  })

  test('[CC2] an unknown path starts with 96 packets a round trip, within bounds', () => {
    const rateAt = (rttMs: number) => {
      const controller = new DelayRateController()
      controller.handleRtt(rttMs)
      return controller.rateBytesPerMs
    }
    expect(rateAt(50)).toBeCloseTo((96 * PACKET) / 50)
    expect(rateAt(1)).toBe(25_000)
    expect(rateAt(1000)).toBe(500)
  })

  test('[CC3] what is lost while the queue is long is no reason to send more', () => {
    const rateWith = (lostWhileLong: number) => {
      const controller = new DelayRateController()
      const send = (now: number) => controller.handleSent(PACKET, now)
      for (let now = 40; now < 2000; now += 40) {
        send(now)
        controller.handleFeedback(sample(now, { lostPackets: 4, queueDelayMs: now < 200 ? 20 : 10 }))
      }
      expect(controller.lossRate).toBeCloseTo(4 / 44, 2)
      for (let now = 2000; now < 2560; now += 40) {
        send(now)
        controller.handleFeedback(sample(now, { lostPackets: lostWhileLong, queueDelayMs: 40 }))
      }
      return controller
    }
    // The code has to make up for all that is lost; the rate is for what the path itself takes.
    expect(rateWith(20).lossRate).toBeCloseTo(20 / 60, 1)
    expect(rateWith(20).rateBytesPerMs).toBeCloseTo(rateWith(4).rateBytesPerMs)
    expect(rateWith(20).rateBytesPerMs).toBeLessThan((40 * PACKET) / 40)
  })

  test('[CC3] the rate is twice what arrives until a queue shows, then a little below it', () => {
    const controller = new DelayRateController()
    controller.handleFeedback(sample(100, { arrivedPackets: 200 }))
    const delivery = (200 * PACKET) / 40
    expect(controller.rateBytesPerMs).toBeCloseTo(2 * delivery)
    controller.handleFeedback(sample(140, { arrivedPackets: 200, queueDelayMs: 20 }))
    expect(controller.rateBytesPerMs).toBeCloseTo(0.85 * delivery)
  })

  test('[CC3] packets that are lost without a queue are made up for', () => {
    const controller = new DelayRateController()
    controller.handleFeedback(sample(100, { queueDelayMs: 20, arrivedPackets: 80, lostPackets: 20 }))
    controller.handleFeedback(sample(140, { queueDelayMs: 8, arrivedPackets: 80, lostPackets: 20 }))
    expect(controller.lossRate).toBeCloseTo(0.2)
    expect(controller.rateBytesPerMs).toBeCloseTo((80 * PACKET) / 40 / 0.8)
  })

  test('[CC3] what a receiver that was held up takes in at once arrived no faster than it was sent', () => {
    const controller = new DelayRateController()
    controller.handleFeedback(sample(100, { queueDelayMs: 20 }))
    controller.handleFeedback(sample(300, { queueDelayMs: 8, arrivedPackets: 400, senderSpanMs: 200 }))
    expect(controller.rateBytesPerMs).toBeCloseTo((400 * PACKET) / 200)
  })

  test('[CC3] of five rates and more the best is not believed, but the second', () => {
    const after = (rates: readonly number[]) => {
      const controller = new DelayRateController()
      controller.handleFeedback(sample(60, { queueDelayMs: 20 }))
      for (const [i, arrivedPackets] of rates.entries()) {
        controller.handleFeedback(sample(100 + 40 * i, { queueDelayMs: 8, arrivedPackets }))
      }
      return controller.rateBytesPerMs
    }
    expect(after([60, 40, 40])).toBeCloseTo((60 * PACKET) / 40)
    expect(after([60, 40, 40, 50, 40])).toBeCloseTo((50 * PACKET) / 40)
    expect(after([60, 40, 40, 60, 40])).toBeCloseTo((60 * PACKET) / 40)
  })

  test('[CC4] the longer the queue, the lower the rate', () => {
    const rates = [2, 8, 20, 40, 80].map((queueDelayMs) => {
      const controller = new DelayRateController()
      controller.handleFeedback(sample(100, { queueDelayMs: 20 }))
      controller.handleFeedback(sample(140, { queueDelayMs }))
      return controller.rateBytesPerMs
    })
    expect(rates).toEqual([...rates].sort((a, b) => b - a))
    expect(new Set(rates).size).toBe(5)
  })

  test('[CC4] a delay that does not stay is none of the network', () => {
    const after = (between: readonly number[]) => {
      const controller = new DelayRateController()
      controller.handleFeedback(sample(100, { queueDelayMs: 20 }))
      for (const [i, queueDelayMs] of between.entries()) {
        controller.handleFeedback(sample(140 + 8 * i, { queueDelayMs }))
      }
      return controller.rateBytesPerMs
    }
    expect(after([60, 2, 60])).toBe(after([2, 2, 2]))
    expect(after([60, 60, 60])).toBeLessThan(after([60, 2, 60]))
  })

  describe('[CC8] beside somebody who keeps the queue filled', () => {
    const PATH = (40 * PACKET) / 40

    /** After a second with a short queue; each of `queues` stays for its time, with so much lost of 40 packets. */
    function after(
      ...queues: readonly (readonly [queueDelayMs: number, forMs: number, lostPackets?: number])[]
    ) {
      const controller = new DelayRateController()
      let now = 0
      for (const [queueDelayMs, forMs, lostPackets = 0] of [
        [20, 40] as const,
        [10, 1000] as const,
        ...queues,
      ]) {
        for (const end = now + forMs; now < end; now += 40) {
          controller.handleSent(PACKET, now)
          controller.handleFeedback(sample(now, { queueDelayMs, lostPackets }))
        }
      }
      return controller.rateBytesPerMs
    }

    test('a queue that stays although less is sent is not ours: the share grows again', () => {
      expect(after([40, 560])).toBeLessThan(PATH)
      expect(after([40, 720])).toBeGreaterThan(PATH)
      expect(after([70, 720])).toBeCloseTo(PATH)
      expect(after([90, 720])).toBeLessThan(PATH)
    })

    test('until that is known, most of what the path carried goes on, whatever arrives', () => {
      const controller = new DelayRateController()
      let now = 0
      const feed = (untilMs: number, queueDelayMs: number, arrivedPackets: number) => {
        for (; now < untilMs; now += 40) {
          controller.handleSent(PACKET, now)
          controller.handleFeedback(sample(now, { queueDelayMs, arrivedPackets }))
        }
      }
      feed(40, 20, 40)
      feed(1000, 10, 40)
      feed(1560, 60, 4)
      expect(controller.rateBytesPerMs).toBeCloseTo(0.7 * PATH)
      feed(1760, 60, 4)
      expect(controller.rateBytesPerMs).toBeLessThan(PATH / 4)
    })

    test('a full queue, which loses what the path does not, is no place to grow in', () => {
      expect(after([40, 1000, 4])).toBeCloseTo(PATH)
      expect(after([90, 1000, 4])).toBeLessThan(PATH)
    })

    test('once in four seconds the queue is emptied as if it were ours', () => {
      expect(after([40, 600 + 3500])).toBeGreaterThan(PATH)
      expect(after([40, 600 + 3800])).toBeLessThan(PATH)
      expect(after([40, 600 + 4200])).toBeGreaterThan(PATH)
    })

    test('it is over when the queue is short for 100 ms', () => {
      expect(after([40, 1000], [10, 40], [40, 80])).toBeGreaterThan(PATH)
      expect(after([40, 1000], [10, 160], [40, 80])).toBeLessThan(PATH)
    })

    test('a pause says nothing of a queue', () => {
      const controller = new DelayRateController()
      controller.handleFeedback(sample(0, { queueDelayMs: 20 }))
      controller.handleFeedback(sample(40, { queueDelayMs: 10 }))
      controller.handleSent(PACKET, 50)
      controller.handleSent(PACKET, 5000)
      controller.handleFeedback(sample(5040, { queueDelayMs: 40 }))
      expect(controller.rateBytesPerMs).toBeLessThan(PATH)
    })
  })

  test('[CC5] silence halves the rate, to a least one that still asks', () => {
    const controller = new DelayRateController()
    const before = controller.rateBytesPerMs
    controller.handleSilence()
    expect(controller.rateBytesPerMs).toBeCloseTo(before / 2)
    for (let i = 0; i < 50; i++) controller.handleSilence()
    expect(controller.rateBytesPerMs).toBe(25)
  })

  test('[CC5] silence is not forgotten in the pause that it makes', () => {
    const controller = new DelayRateController()
    controller.handleFeedback(sample(100, { arrivedPackets: 100, queueDelayMs: 20 }))
    controller.handleSent(PACKET, 110)
    controller.handleSilence()
    const after = controller.rateBytesPerMs
    controller.handleSent(PACKET, 1000)
    expect(controller.rateBytesPerMs).toBe(after)
  })

  test('[CC6] a picture after a pause starts at the rate that arrived, however far the search had gone', () => {
    const controller = new DelayRateController()
    controller.handleFeedback(sample(100, { arrivedPackets: 100 }))
    controller.handleSent(PACKET, 110)
    expect(controller.rateBytesPerMs).toBeCloseTo((2 * 100 * PACKET) / 40)
    controller.handleSent(PACKET, 1000)
    expect(controller.rateBytesPerMs).toBeCloseTo((100 * PACKET) / 40)
  })

  test('[CC6] a picture after a pause starts at the known rate, whatever a queue had made of it', () => {
    const controller = new DelayRateController()
    controller.handleFeedback(sample(100, { arrivedPackets: 100, queueDelayMs: 20 }))
    controller.handleFeedback(sample(140, { arrivedPackets: 100, queueDelayMs: 80 }))
    controller.handleSent(PACKET, 150)
    expect(controller.rateBytesPerMs).toBeLessThan((0.8 * 100 * PACKET) / 40)
    controller.handleSent(PACKET, 1000)
    expect(controller.rateBytesPerMs).toBeCloseTo((100 * PACKET) / 40)
  })

  test('[CC6] on a short path a picture after a pause starts as the first one did', () => {
    const afterPause = (rttMs: number) => {
      const controller = new DelayRateController()
      controller.handleFeedback(sample(100, { queueDelayMs: 20, rttMs }))
      controller.handleSent(PACKET, 110)
      expect(controller.rateBytesPerMs).toBeCloseTo((0.85 * 40 * PACKET) / 40)
      controller.handleSent(PACKET, 1000)
      return controller.rateBytesPerMs
    }
    expect(afterPause(9)).toBeCloseTo((96 * PACKET) / 9)
    expect(afterPause(10)).toBeCloseTo((40 * PACKET) / 40)
  })

  test('[CC3] the first packets of a picture, slow as they may be, do not make forget what the path can do', () => {
    const controller = new DelayRateController()
    controller.handleFeedback(sample(100, { arrivedPackets: 100, queueDelayMs: 20 }))
    controller.handleFeedback(sample(60_000, { arrivedPackets: 10, queueDelayMs: 8 }))
    expect(controller.rateBytesPerMs).toBeCloseTo((100 * PACKET) / 40)
    for (let now = 60_040; now <= 60_500; now += 40) {
      controller.handleFeedback(sample(now, { arrivedPackets: 10, queueDelayMs: 8 }))
    }
    expect(controller.rateBytesPerMs).toBeCloseTo((10 * PACKET) / 40)
  })
})
