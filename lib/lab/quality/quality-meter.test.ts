import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { MEASURED_SIDE_PX, measuredSize } from './measured-size'
import { QualityMeter } from './quality-meter'
import { SSIM_SHORTER_SIDE_LIMIT_PX, SSIM_WINDOW_PX } from './ssim'

/** A worker that does nothing by itself; the test speaks for it. */
class FakeWorker {
  static made: FakeWorker[] = []
  readonly received: unknown[] = []
  isTerminated = false
  onmessage: ((event: { data: unknown }) => void) | null = null
  onerror: (() => void) | null = null

  constructor() {
    FakeWorker.made.push(this)
  }

  postMessage(message: unknown, transfer: readonly unknown[]): void {
    this.received.push([message, transfer])
  }

  terminate(): void {
    this.isTerminated = true
  }
}

function meterAndWorker(): { meter: QualityMeter; worker: FakeWorker } {
  const meter = new QualityMeter()
  return { meter, worker: FakeWorker.made[0] ?? expect.unreachable('no worker was made') }
}

beforeEach(() => {
  FakeWorker.made = []
  vi.stubGlobal('Worker', FakeWorker)
})

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a meter of quality', () => {
  const pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) }
  const bitmap = () => ({ width: 1, height: 1, close: () => undefined })

  test('hands bitmaps over, and gives each answer to whom it is for, in the order asked', async () => {
    const { meter, worker } = meterAndWorker()
    const shown = bitmap()
    meter.setOriginal(pixels)
    const asked = [meter.measure(shown), meter.measure(null)]
    expect(worker.received).toEqual([
      [{ type: 'original', original: pixels }, []],
      [{ type: 'measure', shown }, [shown]],
      [{ type: 'measure', shown: null }, []],
    ])
    worker.onmessage?.({ data: { psnrDb: 20, ssim: 0.5 } })
    worker.onmessage?.({ data: { psnrDb: 5, ssim: 0.1 } })
    await expect(Promise.all(asked)).resolves.toEqual([
      { psnrDb: 20, ssim: 0.5 },
      { psnrDb: 5, ssim: 0.1 },
    ])
  })

  test('goes on after a picture that could not be measured', async () => {
    const { meter, worker } = meterAndWorker()
    const [first, second] = [meter.measure(bitmap()), meter.measure(bitmap())]
    worker.onmessage?.({ data: null })
    worker.onmessage?.({ data: { psnrDb: 20, ssim: 0.5 } })
    await expect(first).rejects.toMatchObject({ code: 'SHOAL_INTERNAL' })
    await expect(second).resolves.toEqual({ psnrDb: 20, ssim: 0.5 })
  })

  test('leaves nobody waiting when it is closed, or its worker fails', async () => {
    for (const end of ['close', 'error'] as const) {
      FakeWorker.made = []
      const { meter, worker } = meterAndWorker()
      const waiting = meter.measure(null)
      if (end === 'close') meter.close()
      else worker.onerror?.()
      expect(worker.isTerminated).toBe(true)
      await expect(waiting).rejects.toMatchObject({ code: 'SHOAL_INTERNAL' })
      await expect(meter.measure(null)).rejects.toMatchObject({ code: 'SHOAL_INTERNAL' })
    }
  })
})

test('every picture is compared at a size that has an SSIM, in its own shape where that is possible', () => {
  expect(MEASURED_SIDE_PX).toBeLessThan(SSIM_SHORTER_SIDE_LIMIT_PX)
  expect(measuredSize({ width: 4000, height: 3000 })).toEqual({ width: 320, height: 240 })
  expect(measuredSize({ width: 300, height: 600 })).toEqual({ width: 160, height: 320 })
  expect(measuredSize({ width: 64, height: 48 })).toEqual({ width: 64, height: 48 })
  expect(measuredSize({ width: 9000, height: 3 })).toEqual({ width: 320, height: SSIM_WINDOW_PX })
})
