import type { Browser, BrowserContext, Page } from '@playwright/test'

import type { TransferReport } from '@/lib/protocol/report'

import type { LongTask } from './long-tasks'
import { longTasksOf, watchLongTasks } from './long-tasks'

const TRANSFER_LIMIT_MS = 120_000

/** One picture through the real pages, in Repair. */
export interface OwnRun {
  readonly report: TransferReport
  /** From the click on Send to the final report on both pages. */
  readonly senderLongTasks: readonly LongTask[]
  readonly receiverLongTasks: readonly LongTask[]
}

/** A receiver and a sender that are connected, the picture picked and ready to be sent. */
export interface ConnectedPages {
  readonly receiver: Page
  readonly sender: Page
}

/** Two fresh windows, one picture, and the windows closed again. */
export async function runOwnPath(browser: Browser, origin: string, picturePath: string): Promise<OwnRun> {
  const contexts = await Promise.all([browser.newContext(), browser.newContext()])
  try {
    const [forReceiver, forSender] = contexts
    const pages = await connectPages(forReceiver, forSender, origin, picturePath)
    const report = await sendPicked(pages)
    const endedAtMs = await pages.receiver.evaluate(() => Date.now())
    const [receiverLongTasks, senderLongTasks] = await Promise.all([
      longTasksOf(pages.receiver, report.startedAtMs, endedAtMs),
      longTasksOf(pages.sender, report.startedAtMs, endedAtMs),
    ])
    return { report, senderLongTasks, receiverLongTasks }
  } finally {
    await Promise.all(contexts.map((context) => context.close()))
  }
}

/** Opens `/receive` and `/send` by their documented addresses and waits until the picture could be sent. */
export async function connectPages(
  forReceiver: BrowserContext,
  forSender: BrowserContext,
  origin: string,
  picturePath: string,
): Promise<ConnectedPages> {
  const receiver = await forReceiver.newPage()
  await watchLongTasks(receiver)
  await receiver.goto(`${origin}/receive?name=ANNA`)
  await receiver.locator('[data-testid=status][data-state=ready]').waitFor()
  const room = (await receiver.getByTestId('room-code').textContent()) ?? ''

  const sender = await forSender.newPage()
  await watchLongTasks(sender)
  await sender.goto(`${origin}/send?room=${room}&name=BEN&mode=repair&compress=off`)
  await sender.locator('[data-testid=peers][data-count="1"]').waitFor({ state: 'attached' })
  await sender.getByTestId('pick-image').setInputFiles(picturePath)
  return { receiver, sender }
}

/** Presses Send, waits for the final report of both pages, and returns the receiver's. */
export async function sendPicked({ receiver, sender }: ConnectedPages): Promise<TransferReport> {
  await sender.getByTestId('send').click()
  const reports = await Promise.all([receiver, sender].map(readReport))
  const [own] = reports
  if (!own || reports.some((report) => !report.exact)) throw new Error('the picture did not arrive exactly')
  return own
}

async function readReport(page: Page): Promise<TransferReport> {
  const final = page.locator('[data-testid=report][data-report]').first()
  await final.waitFor({ state: 'attached', timeout: TRANSFER_LIMIT_MS })
  return JSON.parse((await final.getAttribute('data-report')) ?? '') as TransferReport
}
