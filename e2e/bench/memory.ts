import { type CDPSession, type Page, type Protocol, ProtocolError } from 'puppeteer-core'

/** Bytes that a page and its workers hold at one moment; the decoded bitmap is in none of them. */
export interface MemorySample {
  readonly atMs: number
  /** JavaScript and DOM objects, of the page and of its workers. */
  readonly heapBytes: number
  /** Array buffers, of the page and of its workers. */
  readonly bufferBytes: number
  readonly blobBytes: number
}

export function totalOf(sample: MemorySample): number {
  return sample.heapBytes + sample.bufferBytes + sample.blobBytes
}

/** Looks at one page from outside: the heaps by the DevTools protocol, the blobs by the browser's own list. */
export class MemoryWatch {
  readonly #page: Page
  readonly #blobList: Page
  readonly #session: CDPSession

  private constructor(page: Page, blobList: Page, session: CDPSession) {
    this.#page = page
    this.#blobList = blobList
    this.#session = session
  }

  /** `page` must be alone in its browser profile with the blobs that it makes. */
  static async of(page: Page): Promise<MemoryWatch> {
    const blobList = await page.browserContext().newPage()
    await blobList.goto('chrome://blob-internals')
    return new MemoryWatch(page, blobList, await page.createCDPSession())
  }

  /** As it is, with what waits for the next garbage collection. */
  async sample(): Promise<MemorySample> {
    const [blobBytes, ...usages] = await Promise.all([this.#blobBytes(), ...this.#sessions().map(usageOf)])
    const sum = (part: (usage: (typeof usages)[number]) => number): number =>
      usages.reduce((total, usage) => total + part(usage), 0)
    return {
      atMs: Date.now(),
      heapBytes: sum((usage) => usage.usedSize + usage.embedderHeapUsedSize),
      bufferBytes: sum((usage) => usage.backingStorageSize),
      blobBytes,
    }
  }

  /** Collects the garbage of the page and of its workers first. */
  async sampleClean(): Promise<MemorySample> {
    for (const session of this.#sessions()) await session.send('HeapProfiler.collectGarbage')
    return this.sample()
  }

  #sessions(): CDPSession[] {
    return [this.#session, ...this.#page.workers().map((worker) => worker.client)]
  }

  /**
   * A file that is put together of parts shares their bytes, and the list names both: what is counted is the
   * parts while they stand alone, then the whole.
   */
  async #blobBytes(): Promise<number> {
    await this.#blobList.reload()
    const text = await this.#blobList.evaluate(() => document.body.innerText)
    let alone = 0
    let composed = 0
    for (const blob of text.split(/(?=Refcount:)/)) {
      const bytes = [...blob.matchAll(/Length: ([\d,]+)/g)]
        .map(([, length = '0']) => Number(length.replaceAll(',', '')))
        .reduce((total, length) => total + length, 0)
      if (/Count: \d/.test(blob)) composed += bytes
      else alone += bytes
    }
    return Math.max(alone, composed)
  }
}

/** A worker that ends while it is asked holds nothing any more. */
async function usageOf(session: CDPSession): Promise<Protocol.Runtime.GetHeapUsageResponse> {
  try {
    return await session.send('Runtime.getHeapUsage')
  } catch (error) {
    if (!(error instanceof ProtocolError && error.name === 'TargetCloseError')) throw error
    return { usedSize: 0, totalSize: 0, embedderHeapUsedSize: 0, backingStorageSize: 0 }
  }
}
