import { LabEndPage } from '@/e2e/fixtures/lab-end-page'
import { LabPage } from '@/e2e/fixtures/lab-page'
import { expect, test } from '@/e2e/fixtures/test'
import { expectNoViolations } from '@/e2e/fixtures/violations'
import { BUILT_IN_PICTURE } from '@/lib/lab/defaults'
import type { Experiment } from '@/lib/lab/experiment'

const TINY: Experiment = {
  version: 1,
  contenders: ['assured-1', 'reliable', 'rtp'],
  networks: [
    {
      type: 'settings',
      label: 'a short, lossy way',
      settings: {
        ...{ oneWayMs: 10, jitterMs: 0, mbit: 50, queuePackets: 200, lossPercent: 5 },
        ...{ meanBurst: 1, reorderPercent: 0, reorderByMs: 0 },
      },
    },
  ],
  pictures: [{ name: BUILT_IN_PICTURE.name, bytes: BUILT_IN_PICTURE.bytes }],
  repetitions: 2,
  deadlineMs: 15_000,
  seed: 11,
  start: 'cold',
}

test('a second device receives over the emulated network, measures, and leaves', async ({
  startServer,
  openDevice,
}) => {
  // Its runs are in real time, over connections that have to be made first.
  test.setTimeout(120_000)
  const server = await startServer({ env: { SHOAL_LAB: 'on' } })
  const desktop = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' } as const
  const phone = {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  } as const
  const lab = new LabPage((await openDevice(desktop)).page)
  const receiver = await openDevice(phone)
  const end = new LabEndPage(receiver.page)

  await lab.open(server.origin, TINY)
  await lab.chooseSecondDevice()
  await lab.page.getByTestId('lab-run').click()
  await expect(lab.error).toContainText('The second device is not there')
  await expectNoViolations(lab.page, '/lab that waits for a second device')

  const link = await lab.deviceLink()
  await end.open(link)
  await expect(lab.device).toHaveAttribute('data-state', 'here')
  await lab.start()
  await expect(end.status).toContainText('Run 1 of 6')
  await expect(lab.progress).toHaveAttribute('data-made', '3', { timeout: 60_000 })
  await expect.poll(() => end.colours()).toBeGreaterThan(50)
  await expectNoViolations(end.page, '/lab/end while it runs')
  expect(await end.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)

  await end.page.close()
  await expect(lab.error).toContainText('The second device is not there', { timeout: 30_000 })
  await expect(lab.device).toHaveAttribute('data-state', 'waiting')
  const kept = (await lab.results()).runs
  expect(kept.length).toBeGreaterThanOrEqual(3)
  expect(kept.length).toBeLessThan(6)

  const again = new LabEndPage(await receiver.context.newPage())
  await again.open(link)
  await lab.run()
  await expect(lab.error).toBeEmpty()
  const results = await lab.results()
  expect(results.runs.slice(0, kept.length)).toEqual(kept)
  expect(results.receiver?.type).toBe('second-device')
  expect(results.runs.map(({ contender, end: ended }) => `${contender}: ${ended}`).sort()).toEqual([
    'assured-1: exact',
    'assured-1: exact',
    'reliable: exact',
    'reliable: exact',
    'rtp: lossy',
    'rtp: lossy',
  ])
  for (const { contender, link: crossed, clock, times, samples } of results.runs) {
    expect(crossed?.forth.lost, contender).toBeGreaterThan(0)
    // Both pages have this computer's clock: the estimate is off by no more than it says, and a page's rounding.
    expect(Math.abs(clock?.offsetMs ?? Infinity), contender).toBeLessThanOrEqual((clock?.boundMs ?? 0) + 2)
    expect(clock?.boundMs, contender).toBeLessThan(500)
    expect(times.firstPreview, contender).toBeGreaterThan(10)
    expect(samples.length, contender).toBeGreaterThan(1)
  }
  for (const { times, samples } of results.runs.filter(({ end: ended }) => ended === 'exact')) {
    expect(times.exact).toBeGreaterThan(20)
    expect(samples.at(-1)).toMatchObject({ psnrDb: 60, ssim: 1 })
  }
  await expect(lab.page.getByTestId('lab-receiver')).toContainText('second device')

  await lab.choosePage()
  await expect(again.status).toHaveAttribute('data-state', 'away', { timeout: 30_000 })
})
