import type { Browser, Page } from '@playwright/test'

import type { LongTask } from './long-tasks'
import { longTasksOf, watchLongTasks } from './long-tasks'

const CHUNK_BYTES = 1024
/** Silence, after the sender has handed over everything, that ends the count: what is missing then was lost. */
const QUIET_MS = 500

/** What the bare channel did, measured as a report does: from the first message to the last. */
export interface BareRun {
  readonly bufferBytes: number
  readonly goodputBytesPerSecond: number
  readonly lossPercent: number
  /** Arrival of the first and of the last message, epoch milliseconds. */
  readonly firstAtMs: number
  readonly lastAtMs: number
  /** Of both pages while messages came: what this machine does to a page that does next to nothing. */
  readonly longTasks: readonly LongTask[]
}

/**
 * The least that a page can do to send bytes: one channel, unordered and without retransmission, kept filled to
 * `bufferBytes` with messages of 1 024 bytes that nobody reads. Two fresh pages of the given origin.
 */
export async function runBareLoop(
  browser: Browser,
  origin: string,
  bytes: number,
  bufferBytes: number,
): Promise<BareRun> {
  const contexts = await Promise.all([browser.newContext(), browser.newContext()])
  try {
    const [receiver, sender] = await Promise.all(
      contexts.map((context) => openBlank(context.newPage(), origin)),
    )
    if (!receiver || !sender) throw new Error('two pages were asked for')
    const offer = await sender.evaluate(prepareSender, {
      messages: Math.ceil(bytes / CHUNK_BYTES),
      messageBytes: CHUNK_BYTES,
      bufferBytes,
    })
    const answer = await receiver.evaluate(prepareReceiver, offer)
    await sender.evaluate(sendAll, answer)
    const arrived = await receiver.evaluate(countUntilQuiet, QUIET_MS)
    const tasks = await Promise.all(
      [sender, receiver].map((page) => longTasksOf(page, arrived.firstAtMs, arrived.lastAtMs)),
    )
    return {
      bufferBytes,
      longTasks: tasks.flat(),
      firstAtMs: arrived.firstAtMs,
      lastAtMs: arrived.lastAtMs,
      goodputBytesPerSecond: (arrived.bytes * 1000) / (arrived.lastAtMs - arrived.firstAtMs),
      lossPercent: 100 * (1 - arrived.bytes / (Math.ceil(bytes / CHUNK_BYTES) * CHUNK_BYTES)),
    }
  } finally {
    await Promise.all(contexts.map((context) => context.close()))
  }
}

async function openBlank(opening: Promise<Page>, origin: string): Promise<Page> {
  const page = await opening
  await watchLongTasks(page)
  // A page with nothing on it, of the same kind of origin as the real ones.
  await page.goto(`${origin}/healthz`)
  return page
}

interface Arrived {
  bytes: number
  firstAtMs: number
  lastAtMs: number
}

interface BareWindow {
  bareConnection?: RTCPeerConnection
  bareDrained?: Promise<void>
  bareCount?: Arrived
}

async function prepareSender(options: {
  messages: number
  messageBytes: number
  bufferBytes: number
}): Promise<string> {
  const connection = new RTCPeerConnection()
  ;(window as BareWindow).bareConnection = connection
  const channel = connection.createDataChannel('bare', { ordered: false, maxRetransmits: 0 })
  const message = new Uint8Array(options.messageBytes)
  let left = options.messages
  ;(window as BareWindow).bareDrained = new Promise((resolve) => {
    const fill = (): void => {
      while (left > 0 && channel.bufferedAmount < options.bufferBytes) {
        channel.send(message)
        left--
      }
      if (left > 0) return
      if (channel.bufferedAmount === 0) resolve()
      else channel.bufferedAmountLowThreshold = 0
    }
    channel.bufferedAmountLowThreshold = options.bufferBytes / 2
    channel.onopen = fill
    channel.onbufferedamountlow = fill
  })
  await connection.setLocalDescription()
  await new Promise<void>((resolve) => {
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState === 'complete') resolve()
    }
  })
  return connection.localDescription?.sdp ?? ''
}

async function prepareReceiver(offer: string): Promise<string> {
  const connection = new RTCPeerConnection()
  const count = { bytes: 0, firstAtMs: 0, lastAtMs: 0 }
  ;(window as BareWindow).bareConnection = connection
  ;(window as BareWindow).bareCount = count
  connection.ondatachannel = ({ channel }) => {
    channel.binaryType = 'arraybuffer'
    channel.onmessage = (event: MessageEvent<ArrayBuffer>) => {
      count.lastAtMs = performance.timeOrigin + performance.now()
      if (count.bytes === 0) count.firstAtMs = count.lastAtMs
      count.bytes += event.data.byteLength
    }
  }
  await connection.setRemoteDescription({ type: 'offer', sdp: offer })
  await connection.setLocalDescription()
  await new Promise<void>((resolve) => {
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState === 'complete') resolve()
    }
  })
  return connection.localDescription?.sdp ?? ''
}

async function sendAll(answer: string): Promise<void> {
  const { bareConnection, bareDrained } = window as BareWindow
  await bareConnection?.setRemoteDescription({ type: 'answer', sdp: answer })
  await bareDrained
}

function countUntilQuiet(quietMs: number): Promise<Arrived> {
  return new Promise((resolve) => {
    const look = (): void => {
      const count = (window as BareWindow).bareCount
      const now = performance.timeOrigin + performance.now()
      if (count && count.bytes > 0 && now - count.lastAtMs > quietMs) resolve(count)
      else setTimeout(look, quietMs / 5)
    }
    look()
  })
}
