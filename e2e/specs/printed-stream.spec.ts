import { join } from 'node:path'

import type { Locator } from '@playwright/test'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { PACKET } from '@/e2e/fixtures/channel-seam'
import { expect, test } from '@/e2e/fixtures/test'
import { CHUNK_BYTES } from '@/lib/protocol/constants'
import { formatCount } from '@/lib/react/format'

const folder = await generatePhotos()
const STALL_AFTER = 500
/** The window shows ten lines; some more may wait around them. */
const DRAWN_LINES_MAX = 50

test('the receiver prints one line a packet with its size and the running total, the newest in view', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const sender = await openSender(await receiver.code(), {}, { seam: { stallAfter: STALL_AFTER } })
  await sender.sendPicture(join(folder, WHOLE.large))
  const stream = receiver.page.getByRole('log')
  const heading = receiver.page.getByRole('button', { name: /^Packets as they arrived/ })

  await test.step('while packets come', async () => {
    await sender.device.seam.untilStalled()
    // The channel may lose a packet; what it delivered is what must be printed.
    await expect
      .poll(async () => {
        const { arrived } = await receiver.device.seam.counts()
        const isPrinted = (await heading.textContent()) === headingOf(arrived[PACKET.data] ?? 0)
        return isPrinted ? (arrived[PACKET.data] ?? 0) : 0
      })
      .toBeGreaterThan(0.9 * STALL_AFTER)
    const { arrived } = await receiver.device.seam.counts()
    await expectNewestInView(stream, (arrived[PACKET.data] ?? 0) * CHUNK_BYTES)
  })

  await sender.device.seam.release()
  const report = await receiver.report()

  await test.step('when the picture is complete', async () => {
    await expectNewestInView(stream, report.bytesReceived)
    expect(report.bytesReceived).toBeGreaterThanOrEqual(report.bytes)
    await expect(heading).toHaveText(headingOf(report.packetsReceived))
    const { drawn, all } = await look(stream)
    expect(all).toBe(report.packetsReceived)
    expect(drawn.length).toBeLessThan(DRAWN_LINES_MAX)
  })

  await test.step('scrolled up it stays there, until told to jump to the newest', async () => {
    await stream.focus()
    await receiver.page.keyboard.press('Home')
    await expect
      .poll(async () => (await look(stream)).inView[0])
      .toMatch(new RegExp(`^#0.*1\\s024 B.*total 1\\s024 B$`))
    await receiver.page.getByRole('button', { name: 'Jump to newest' }).click()
    await expectNewestInView(stream, report.bytesReceived)
  })

  await test.step('it can be folded away', async () => {
    await heading.click()
    await expect(stream).toHaveCount(0)
  })
})

function headingOf(packets: number): string {
  return `Packets as they arrived: ${formatCount(packets)}`
}

async function expectNewestInView(stream: Locator, totalBytes: number): Promise<void> {
  const total = `total ${formatCount(totalBytes)} B`
  await expect.poll(async () => (await look(stream)).inView.at(-1)).toMatch(new RegExp(`${total}$`))
}

/** The lines that exist, those of them that one sees, and how many lines it is high. */
function look(stream: Locator): Promise<{ drawn: string[]; inView: string[]; all: number }> {
  return stream.evaluate((log) => {
    const lines = [...log.querySelectorAll('*')].filter(({ textContent }) => /^#[^#]* B$/.test(textContent))
    const box = log.getBoundingClientRect()
    const inView = lines.filter((line) => {
      const { top, bottom } = line.getBoundingClientRect()
      return top >= box.top - 1 && bottom <= box.bottom + 1
    })
    const { paddingTop, paddingBottom } = getComputedStyle(log)
    const height = log.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)
    return {
      drawn: lines.map((line) => line.textContent),
      inView: inView.map((line) => line.textContent),
      all: Math.round(height / (lines[0]?.getBoundingClientRect().height ?? 1)),
    }
  })
}
