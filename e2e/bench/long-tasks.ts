import type { Page } from '@playwright/test'

/** One task of a page's main thread that held it for more than 50 ms (the Long Tasks API's own threshold). */
export interface LongTask {
  /** Epoch milliseconds. */
  readonly startedAtMs: number
  readonly durationMs: number
}

interface Watched {
  benchLongTasks?: LongTask[]
}

/** Call before the page is opened: the list begins with its first task. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tasks: LongTask[] = []
    ;(window as Watched).benchLongTasks = tasks
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        tasks.push({ startedAtMs: performance.timeOrigin + startTime, durationMs: duration })
      }
    }).observe({ type: 'longtask', buffered: true })
  })
}

/** The long tasks of a watched page that were running at some moment from `fromMs` to `toMs`, epoch milliseconds. */
export async function longTasksOf(page: Page, fromMs: number, toMs: number): Promise<LongTask[]> {
  const tasks = await page.evaluate(() => {
    const watched = (window as Watched).benchLongTasks
    if (!watched) throw new Error('the long tasks of this page are not watched')
    return watched
  })
  return tasks.filter((task) => task.startedAtMs + task.durationMs >= fromMs && task.startedAtMs <= toMs)
}
