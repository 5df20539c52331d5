import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from '@playwright/test'

import { Flood, validTexts } from '@/e2e/fixtures/flood'
import { Member, sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { ENTRIES_BURST, ENTRIES_PER_SECOND } from '@/lib/chat/limits'
import { NOTES_BURST } from '@/lib/peer/note-queue'
import type { TransferReport } from '@/lib/protocol/report'

const folder = await generatePhotos()
const LAPTOP = { viewport: { width: 1440, height: 900 } }
const NAMES = ['ANNA', 'BEN', 'CLEO', 'DORA', 'EMIL', 'FRIDA', 'GUS', 'HANA'] as const
const FLOODER = 'IDA'
/** Who the flooder's texts say they are from. */
const FLOOD = 'NOBODY'
const FLOOD_TEXTS = 10_000
/** All pages of a test share this machine: more of them at once, and it is its processor that is flooded. */
const FLOODED_PAGES = 2

test('nine pages: a picture for all goes up once, and a member that floods is limited, cut off and put out', async ({
  openDevice,
  openMember,
}) => {
  test.setTimeout(240_000)
  const anna = new Member(await openDevice(LAPTOP))
  const relayed = countRelayed(anna.page)
  await anna.open({ name: NAMES[0], compress: 'off' })
  const link = await anna.link()
  const ida = new Member(await openDevice(LAPTOP))
  const flood = await Flood.install(ida.page)
  const [others] = await Promise.all([
    Promise.all(NAMES.slice(1).map((name) => openMember({ name, link }))),
    ida.open({ name: FLOODER, link }),
  ])
  const honest = [anna, ...others]
  for (const member of [...honest, ida]) await member.expectMembers(9)
  const sayEach = (words: string) =>
    Promise.all(honest.map((member, index) => member.say(`${NAMES[index]} ${words}`)))
  const expectHeard = async (words: string) => {
    for (const reader of honest)
      await expect.poll(() => authorsOf(reader, words), { timeout: 45_000 }).toEqual([...NAMES])
  }

  await test.step('a picture for eight others leaves its page once, through the relay', async () => {
    const path = join(folder, WHOLE.medium)
    const original = readFileSync(path)
    await anna.sendPicture(path)
    const receivers = [...others, ida]
    for (const receiver of receivers) {
      const report = await receiver.report()
      expect(report).toMatchObject({ exact: true, sha256: sha256(original), path: 'relay' })
      expect(report.relayedBytes).toBeGreaterThan(original.length)
      await expect(receiver.images).toHaveAttribute('data-sha256', sha256(original))
    }
    await expect(anna.finalReports).toHaveCount(8)
    // Packets that come when the picture is whole are told of too: both sides have the last word of it in the end.
    await expect(async () => {
      const reports = await Promise.all(receivers.map((receiver) => receiver.report()))
      expect((await reportsOf(anna)).sort(byReceiver)).toEqual(reports.sort(byReceiver))
    }).toPass({ timeout: 20_000 })
    // To eight it came whole through the relay; into the relay it went once.
    expect(relayed.bytes).toBeGreaterThan(original.length)
    expect(relayed.bytes).toBeLessThan(1.25 * original.length)
  })

  const floodBeganMs = Date.now()
  await test.step('while one member floods others, all go on talking and sending', async () => {
    await flood.begin(validTexts(await anna.code(), FLOOD, FLOOD_TEXTS), FLOODED_PAGES)
    await sayEach('in the flood')
    const path = join(folder, WHOLE.small)
    await (others[0] as Member).sendPicture(path)
    await expectHeard('in the flood')
    for (const receiver of honest.filter((member) => member !== others[0])) {
      await expect(receiver.images.last()).toHaveAttribute('data-sha256', sha256(readFileSync(path)), {
        timeout: 45_000,
      })
      await expect(receiver.images.last()).toHaveAttribute('data-complete', 'true')
    }
  })

  await test.step('whom it floods cuts it off, and the owner puts it out of the room', async () => {
    await expect.poll(async () => (await flood.counts()).running, { timeout: 60_000 }).toBe(0)
    // Each of them was sent more at once than any page of ours writes.
    expect((await flood.counts()).sent).toBeGreaterThan(FLOODED_PAGES * NOTES_BURST)
    await anna.page.getByRole('button', { name: `Remove ${FLOODER} from the room` }).click()
    await anna.page.getByTestId('remove-member').click()
    await expect(ida.status).toHaveAttribute('data-error', 'SHOAL_REMOVED', { timeout: 30_000 })
    for (const member of honest) await member.expectMembers(8)
    await expect.poll(async () => (await flood.counts()).open).toBe(0)
  })

  await test.step('what the others say then comes to each of them once and in order, and not to it', async () => {
    await sayEach('afterwards')
    await sayEach('at last')
    await expectHeard('at last')
    const shown = await Promise.all(honest.map(async (member) => (await member.exported()).messages))
    const seconds = (Date.now() - floodBeganMs) / 1000
    const all = shown.map((messages) => messages.filter(({ authorName }) => authorName !== FLOOD))
    for (const [index, messages] of all.entries()) {
      for (const name of NAMES) {
        const said = messages.filter(({ authorName, text }) => authorName === name && text !== null)
        expect(said.map(({ text }) => text)).toEqual(
          ['in the flood', 'afterwards', 'at last'].map((words) => `${name} ${words}`),
        )
      }
      expect(messages).toEqual(all[0])
      expect(messages).toHaveLength(3 * NAMES.length + 2)
      const taken = (shown[index]?.length ?? 0) - messages.length
      expect(taken).toBeGreaterThan(0)
      expect(taken).toBeLessThanOrEqual(
        Math.min(ENTRIES_BURST + ENTRIES_PER_SECOND * seconds, FLOOD_TEXTS / 2),
      )
    }
    await expect(ida.page.getByText(/afterwards|at last/)).toHaveCount(0)
  })
})

/** What this page puts into the relay, from now on. */
function countRelayed(page: Page): { readonly bytes: number } {
  const relayed = { bytes: 0 }
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).pathname !== '/relay') return
    socket.on('framesent', ({ payload }) => {
      if (Buffer.isBuffer(payload)) relayed.bytes += payload.length
    })
  })
  return relayed
}

async function reportsOf({ finalReports }: Member): Promise<TransferReport[]> {
  const texts = await finalReports.evaluateAll((all) =>
    all.map((report) => report.getAttribute('data-report') ?? ''),
  )
  return texts.map((text) => JSON.parse(text) as TransferReport)
}

/** Whose words of this text a member sees, by name. */
async function authorsOf({ messages }: Member, words: string): Promise<(string | null)[]> {
  const authors = await messages.evaluateAll(
    (all, words) =>
      all.filter((message) => message.textContent.includes(words)).map((m) => m.getAttribute('data-author')),
    words,
  )
  return authors.sort()
}

/** One picture to many has one transfer id: the receivers' reports differ in times and counts. */
function byReceiver(a: TransferReport, b: TransferReport): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
