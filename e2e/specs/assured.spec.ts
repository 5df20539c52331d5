import { readFileSync } from 'node:fs'

import { photos } from '@/e2e/photos/photos'
import { sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { LANES_MIN } from '@/lib/protocol/congestion/lane-count'

const { source, whole } = await photos()

test(`without being asked a page sends in Assured: whole photos arrive byte for byte over several lanes: ${source}`, async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const sender = await openSender(await receiver.code(), { mode: undefined })
  const lanes = sender.page.getByTestId('lanes')
  const counts = async () => ({
    open: Number(await lanes.getAttribute('data-open')),
    target: Number(await lanes.getAttribute('data-target')),
  })
  // How many are wanted changes when the round trip is known.
  await expect.poll(async () => (await counts()).open).toBeGreaterThanOrEqual(LANES_MIN)
  await expect.poll(async () => (await counts()).open >= (await counts()).target).toBe(true)

  for (const [index, path] of whole.slice(0, 4).entries()) {
    const original = readFileSync(path)
    await sender.sendPicture(path)
    const report = await receiver.report(index + 1)
    // What comes late may still be counted by the receiver alone.
    expect({ ...(await sender.report(index + 1)), lateAfterFreeze: 0 }).toEqual({
      ...report,
      lateAfterFreeze: 0,
    })
    expect(report).toMatchObject({ mode: 'assured', exact: true, path: 'direct', relayedBytes: 0 })
    expect(report.sha256).toBe(sha256(original))
    expect(report.lanes).toBeGreaterThan(1)
    expect(report.overheadRatio).toBeGreaterThanOrEqual(1)
    expect((await receiver.save()).bytes.equals(original)).toBe(true)
  }
})

test('with one lane allowed Assured sends over one, and arrives exact', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const sender = await openSender(await receiver.code(), { mode: 'assured', lanes: '1' })
  const [path = ''] = whole
  await sender.sendPicture(path)
  const report = await receiver.report()
  expect(report).toMatchObject({ mode: 'assured', exact: true, sha256: sha256(readFileSync(path)) })
  expect(report.lanes).toBe(1)
})
