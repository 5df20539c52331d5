import { LabPage } from '@/e2e/fixtures/lab-page'
import { expect, test } from '@/e2e/fixtures/test'
import { expectNoViolations } from '@/e2e/fixtures/violations'
import { BUILT_IN_PICTURE } from '@/lib/lab/defaults'
import type { Experiment } from '@/lib/lab/experiment'
import { plannedRuns } from '@/lib/lab/experiment'

/** Less than this of it has changed: by our eyes it is the same. */
const SAME_CHART = 0.001

const TINY: Experiment = {
  version: 1,
  contenders: ['assured-1', 'classic', 'reliable', 'rtp'],
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
  repetitions: 1,
  deadlineMs: 15_000,
  seed: 11,
  start: 'cold',
}

test('an experiment is made in the page, read, saved, opened on a phone and compared with itself', async ({
  startServer,
  openDevice,
}) => {
  // Its runs are in real time, over connections that have to be made first.
  test.setTimeout(180_000)
  const server = await startServer({ env: { SHOAL_LAB: 'on' } })
  const look = {
    colorScheme: 'light',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  } as const
  const desktop = new LabPage((await openDevice(look)).page)
  await desktop.open(server.origin, TINY)
  await expectNoViolations(desktop.page, '/lab before it has run')
  await desktop.run()
  await expect(desktop.error).toBeEmpty()
  await expect(desktop.runs).toHaveAttribute('data-runs', '4')

  const results = await desktop.results()
  expect(results.means).toBe('emulator')
  expect(results.experiment).toEqual(TINY)
  expect(results.runs.map(({ key }) => key)).toEqual(plannedRuns(TINY).map(({ key }) => key))
  const of = (contender: string) => {
    const run = results.runs.find((each) => each.contender === contender)
    if (!run) throw new Error(`no run of ${contender}`)
    return run
  }
  // The lossless ones bring the picture, and the screen had it a while after it was there.
  for (const run of [of('assured-1'), of('reliable')]) {
    expect(run.end).toBe('exact')
    expect(run.times.exact).toBeGreaterThan(20)
    expect(run.samples.at(-1)).toMatchObject({ psnrDb: 60, ssim: 1 })
  }
  const classic = of('classic')
  expect(classic.end).toBe('partial')
  expect(classic.packets?.lost).toBeGreaterThan(0)
  const rtp = of('rtp')
  expect(rtp.end).toBe('lossy')
  expect(rtp.samples.at(-1)?.ssim).toBeGreaterThan(0.5)
  expect(rtp.samples.at(-1)?.ssim).toBeLessThan(1)
  for (const { link } of results.runs) {
    expect(link?.forth.sent).toBeGreaterThan(50)
    expect(link?.forth.lost).toBeGreaterThan(0)
  }

  await expect(desktop.page.getByText('Classic lost')).toBeVisible()
  const { packets } = desktop
  const whole = await packets.pixels()
  await packets.press('Zoom in')
  await expect.poll(() => packets.changedSince(whole)).toBeGreaterThan(SAME_CHART)
  const part = await packets.pixels()
  await packets.press('Later')
  await expect.poll(() => packets.changedSince(part)).toBeGreaterThan(SAME_CHART)
  await packets.press('Show all')
  await expect.poll(() => packets.changedSince(whole)).toBeLessThan(SAME_CHART)
  expect((await desktop.saved(/results as CSV/)).trim().split('\r\n')).toHaveLength(5)
  expect(await desktop.saved(/SVG/)).toContain('<svg')
  await expectNoViolations(desktop.page, '/lab with results')

  const phoneLook = {
    colorScheme: 'dark',
    viewport: { width: 390, height: 844 },
    reducedMotion: 'reduce',
  } as const
  const phone = new LabPage((await openDevice(phoneLook)).page)
  await phone.open(server.origin)
  await phone.openFile('{"format":"shoal-lab"}')
  await expect(phone.error).toContainText('no results of the lab')
  const file = JSON.stringify(results)
  await phone.openFile(file)
  await expect(phone.runs).toHaveAttribute('data-runs', '4')
  await phone.openFile(file, true)
  await expect(phone.page.getByRole('heading', { name: /compar/i }).first()).toBeVisible()
  await expectNoViolations(phone.page, '/lab with two files on a phone')
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})

test('without an emulator the page says how to start one, and simulates', async ({
  page,
  baseURL,
  complaints,
}) => {
  // A browser writes each refused WebSocket to its console.
  complaints.allow(/WebSocket connection to .*\/lab\/socket/)
  const lab = new LabPage(page)
  await lab.open(baseURL ?? '', { ...TINY, contenders: ['assured', 'classic'] })
  await page.getByTestId('lab-run').click()
  await expect(lab.error).toContainText('npm run lab')
  await lab.simulate()
  await expect(lab.runs).toHaveAttribute('data-runs', '2')
  expect((await lab.results()).means).toBe('simulator')
})
