import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { openChromium } from '@/e2e/bench/link/browsers'
import { startOn } from '@/e2e/bench/link/host-process'
import { ChannelSeam, PACKET } from '@/e2e/fixtures/channel-seam'
import { Receiver, Sender, sha256 } from '@/e2e/fixtures/people'
import { expect, skipUnless, test } from '@/e2e/fixtures/server'
import { run } from '@/e2e/link/hosts'
import { openLink } from '@/e2e/link/link'
import type { Host, Link } from '@/e2e/link/link'
import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { findTool } from '@/e2e/setup/tools.mjs'

// Two hosts, the server on the sender's: with the link, the receiver loses the lanes and the server at once.

// A link of another tool is used where one is named, else our own.
skipUnless('own-link')

const folder = await generatePhotos()
const path = join(folder, WHOLE.large)
const original = readFileSync(path)

/** A phone at the edge of its Wi-Fi: the picture takes some ten seconds. */
const SPEC = { oneWayMs: 10, lossPercent: 1, mbit: 4, queuePackets: 100, meanBurst: 1 }
const PORT = 3000
const CUT_MS = 20_000
/** Of the data packets; in Assured they are symbols. */
const CUT_AFTER = 1000

/** How a link goes away. */
interface Cut {
  readonly name: string
  readonly begin: (link: Link) => void
  readonly end: (link: Link) => void
}

const SILENTLY: Cut = {
  name: 'silently, every packet lost',
  begin: ({ a, b }) =>
    [a, b].forEach((host) =>
      on(host, 'tc', 'qdisc', 'replace', 'dev', deviceOf(host), 'root', 'bfifo', 'limit', '1'),
    ),
  end: ({ a, b }) =>
    [a, b].forEach((host) => on(host, 'tc', 'qdisc', 'delete', 'dev', deviceOf(host), 'root')),
}

const WITH_DEVICE: Cut = {
  name: 'and the receiver’s device goes down with it',
  begin: ({ b }) => on(b, 'ip', 'link', 'set', deviceOf(b), 'down'),
  end: ({ b }) => {
    on(b, 'ip', 'link', 'set', deviceOf(b), 'up')
    on(b, 'ip', 'route', 'replace', 'default', 'dev', deviceOf(b))
  },
}

for (const [mode, planned] of [
  ['repair', SILENTLY],
  ['assured', WITH_DEVICE],
] as const) {
  test(`${mode}: the link is cut for 20 s in the middle, ${planned.name}: the same transfer goes on and ends exact`, async () => {
    test.setTimeout(180_000)
    const closing: (() => unknown)[] = []
    try {
      const data = mkdtempSync(join(tmpdir(), 'shoal-cut-'))
      closing.push(() => rmSync(data, { recursive: true, force: true }))
      const link = await openLink(SPEC, { tool: findTool('link-tool') ?? undefined })
      closing.push(link.close)
      // netem sits where packets could be dropped silently.
      const { begin, end } = link.tool === 'netem' ? WITH_DEVICE : planned
      const server = await startOn(link.a, 'server/main.ts', {
        ready: 'Shoal is running',
        env: {
          NODE_ENV: 'production',
          NEXT_TELEMETRY_DISABLED: '1',
          PORT: String(PORT),
          SHOAL_DATA_DIR: data,
        },
      })
      closing.push(server.stop)
      const origin = `http://${link.a.address}:${PORT}`
      const receiver = new Receiver(await openDevice(link.b, 'b', data, origin, closing))
      await receiver.open({ name: 'ANNA' })
      const sender = new Sender(await openDevice(link.a, 'a', data, origin, closing))
      await sender.open({ name: 'BEN', compress: 'off', mode, room: await receiver.code() })
      await sender.expectPeers(1)
      await sender.sendPicture(path)
      const type = mode === 'assured' ? PACKET.symbol : PACKET.data
      const arrived = async () => (await receiver.device.seam.counts()).arrived[type] ?? 0
      await expect.poll(arrived, { timeout: 30_000 }).toBeGreaterThan(CUT_AFTER)
      const transferId = await receiver.reports.first().getAttribute('data-transfer-id')

      begin(link)
      await pause(CUT_MS)
      // As long as the pages themselves do not know better, they wait.
      for (const { status } of [sender, receiver]) await expect(status).toContainText('to come back…')
      end(link)
      const report = await receiver.report()
      expect(report).toMatchObject({ transferId, exact: true, resumed: 0, sha256: sha256(original) })
      expect(await sender.report()).toMatchObject({
        transferId,
        exact: true,
        packetsReceived: report.packetsReceived,
      })
      expect((await receiver.save()).sha256).toBe(sha256(original))
    } finally {
      for (const close of closing.reverse()) await close()
    }
  })
}

async function openDevice(
  host: Host,
  name: string,
  folder: string,
  baseURL: string,
  closing: (() => unknown)[],
) {
  const browser = await openChromium(host, folder, name)
  closing.push(() => browser.close())
  const context = await browser.newContext({ baseURL })
  const page = await context.newPage()
  return { context, page, seam: await ChannelSeam.install(page) }
}

function on(host: Host, command: string, ...args: readonly string[]): string {
  const [program, ...rest] = host.wrap(command, args)
  return run(program, ...rest)
}

/** The host's way to the other one. */
function deviceOf(host: Host): string {
  return /^\d+: (\S+)/m.exec(on(host, 'ip', '-4', '-o', 'address', 'show', 'to', host.address))?.[1] ?? ''
}
