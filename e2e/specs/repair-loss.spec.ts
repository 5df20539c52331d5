import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { PACKET } from '@/e2e/fixtures/channel-seam'
import { sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'

const folder = await generatePhotos()
const CONTROL = [PACKET.end, PACKET.report, PACKET.repair]

for (const { title, share, first } of [
  { title: '70 % of the requests, ends and reports lost both ways', share: 0.7, first: 0 },
  { title: 'the first 6 of each of them lost both ways', share: 0, first: 6 },
]) {
  test(`Repair ends exact with ${title}`, async ({ openReceiver, openSender }) => {
    const path = join(folder, WHOLE.medium)
    const original = readFileSync(path)
    const dropControl = { types: CONTROL, share, first }
    const receiver = await openReceiver({}, { seam: { seed: 11, dropData: 0.1, dropControl } })
    const sender = await openSender(await receiver.code(), {}, { seam: { seed: 12, dropControl } })
    await sender.sendPicture(path)

    await receiver.expectState('done', null)
    await sender.expectState('done', null)
    const report = await receiver.report()
    expect(await sender.report()).toEqual(report)
    expect(report).toMatchObject({ exact: true, sha256: sha256(original) })
    expect(report.repaired).toBeGreaterThan(0)
    expect((await receiver.save()).bytes.equals(original)).toBe(true)

    const atSender = await sender.device.seam.counts()
    const atReceiver = await receiver.device.seam.counts()
    expect(atSender.dropped[PACKET.repair]).toBeGreaterThan(0)
    expect(atSender.dropped[PACKET.report]).toBeGreaterThan(0)
    expect(atReceiver.dropped[PACKET.end]).toBeGreaterThan(0)
  })
}
