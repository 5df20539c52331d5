import { expect, test } from '@/e2e/fixtures/test'
import { LabPair } from '@/e2e/fixtures/lab-lane'
import { PERFECT_NETWORK } from '@/lib/sim/network-settings'

const SETTINGS = { ...PERFECT_NETWORK, delayMs: 50, loss: 0.1 }
const MESSAGES = 400

test('a lane of two pages crosses the emulated path, and ends with it', async ({
  startServer,
  openDevice,
}) => {
  const server = await startServer({ env: { SHOAL_LAB: 'on' } })
  const [a, b] = [(await openDevice()).page, (await openDevice()).page]
  const pair = await LabPair.prepare(a, b)
  await Promise.all([a, b].map((page) => page.goto(server.origin)))

  const ends = await pair.createPath({ aToB: SETTINGS, bToA: SETTINGS }, 1)
  await pair.open(ends)
  for (const page of [a, b])
    await expect.poll(() => page.evaluate(() => window.shoalLane.open), { timeout: 30_000 }).toBe(true)

  // Neither has told where it is: the path is the only way there is.
  expect(pair.signals.length).toBeGreaterThan(0)
  expect(JSON.stringify(pair.signals)).not.toContain('a=candidate')
  expect(pair.signals.map(({ type }) => type)).not.toContain('candidate')

  // A busy machine answers later; nothing answers sooner than the path carries, less half a tick of its timer each way.
  const rttMs = await a.evaluate(() => window.shoalLane.lane.measureRtt?.())
  expect(rttMs).toBeGreaterThanOrEqual(99)

  await a.evaluate(async (count) => {
    for (let index = 0; index < count; index++) {
      window.shoalLane.lane.send(new Uint8Array(900))
      // A few at a time, so that none waits in a queue of the browser's.
      if (index % 20 === 19) await new Promise((resolve) => requestAnimationFrame(resolve))
    }
  }, MESSAGES)
  await expect.poll(() => a.evaluate(() => window.shoalLane.lane.bufferedAmount), { timeout: 30_000 }).toBe(0)
  await expect.poll(async () => (await pair.counters()).aToB.inFlightPackets).toBe(0)
  const { aToB, bToA, connections, lostBySystem } = await pair.counters()
  expect(connections).toBe(1)
  for (const direction of [aToB, bToA]) {
    // The two ends go on asking whether the other is there: some of that may be on its way.
    const { packetsIn, packetsOut, inFlightPackets, lostByChance } = direction
    expect(packetsOut + inFlightPackets).toBe(packetsIn - lostByChance)
    expect(direction.delay.p50Ms).toBeGreaterThan(49)
  }
  // Several messages may share a packet, but not 400 the 900 bytes of one.
  expect(aToB.bytesIn).toBeGreaterThan(900 * MESSAGES)
  expect(aToB.lostByChance).toBeGreaterThan(0)
  const received = await b.evaluate(() => window.shoalLane.received)
  expect(received).toBeGreaterThan(0)
  expect(received).toBeLessThan(MESSAGES)
  test.info().annotations.push({
    type: 'measured',
    description: JSON.stringify({ rttMs, received, aToB: { ...aToB, ...medians(aToB) }, lostBySystem }),
  })

  expect((await pair.closePath()).connections).toBe(1)
  const before = await b.evaluate(() => window.shoalLane.received)
  await a.evaluate(() => window.shoalLane.lane.send(new Uint8Array(900)))
  for (const page of [a, b])
    await expect
      .poll(() => page.evaluate(() => window.shoalLane.closed || window.shoalLane.lane.isDisconnected), {
        timeout: 30_000,
      })
      .toBe(true)
  expect(await b.evaluate(() => window.shoalLane.received)).toBe(before)
})

test('a server that was not started for the lab has no paths', async ({ page, baseURL }) => {
  const response = await page.request.post(`${baseURL}/lab/socket`)
  expect([response.status(), await response.json()]).toEqual([404, { error: 'SHOAL_LAB_OFF' }])
})

/** Without the buckets, which nobody reads in a line. */
function medians({
  queueDelay,
  delay,
  lateness,
}: Record<'queueDelay' | 'delay' | 'lateness', { p50Ms: number; p95Ms: number }>) {
  const brief = ({ p50Ms, p95Ms }: { p50Ms: number; p95Ms: number }) => ({ p50Ms, p95Ms })
  return { queueDelay: brief(queueDelay), delay: brief(delay), lateness: brief(lateness) }
}
