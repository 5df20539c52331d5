import type { OutgoingPicture } from '@/lib/image/outgoing-picture'
import { runImageTask } from '@/lib/image/worker/bridge'
import type { OpenLane } from '@/lib/peer/lane'
import { Link } from '@/lib/peer/link'
import { openSimplePeerLane } from '@/lib/peer/simple-peer-lane'
import { laneCount } from '@/lib/protocol/congestion/lane-count'
import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import { chunkCountOf } from '@/lib/protocol/packet/manifest'
import type { TransferMode, TransferReport } from '@/lib/protocol/report'
import type { DigestService } from '@/lib/transfer/digest'
import type { ErasureCode } from '@/lib/transfer/erasure-code'
import { Transfers } from '@/lib/transfer/transfers'
import type { TransferView } from '@/lib/transfer/types'

import type { Carried, MeasuredPicture, Pair, PairOptions } from './carriage'
import { PacketRecorder } from './packet-recorder'
import type { Screen } from './screen'
import { waitFor } from './waiting'
import type { Waiting } from './waiting'

/** Each lane is a connection that has to be made over the emulated path; what a lossy one needs, and more. */
const READY_MAX_MS = 60_000
/** A picture with holes is drawn once more when it is over; a busy page takes that long for it. */
const LAST_DRAWING_MAX_MS = 2000
const TRANSFER_ID_BYTES = 8
/** What a JPEG begins with: a picture to warm up with is taken for one. */
const JPEG_BEGIN = [0xff, 0xd8, 0xff]

export interface ShoalServices {
  readonly digest: DigestService
  readonly code: ErasureCode
}

interface End {
  readonly transfers: Transfers
  readonly link: Link
}

/** Both ends are what a page has: its links, lanes and transfers, without a server and a second page. */
export class ShoalPair implements Pair {
  readonly #options: PairOptions
  readonly #mode: TransferMode
  readonly #recorder: PacketRecorder
  readonly #a: End
  readonly #b: End
  #ready: Waiting<void> | null = null
  /** The transfer that is under way; more than one never is. */
  #watch: ((view: TransferView) => void) | null = null

  constructor(options: PairOptions, mode: TransferMode, services: ShoalServices) {
    this.#options = options
    this.#mode = mode
    const { clock, ends } = options
    this.#recorder = new PacketRecorder(() => clock.now())
    this.#a = this.#end('a', services, ends.a, () => this.#b.link)
    this.#b = this.#end('b', services, ends.b, () => this.#a.link)
    this.#a.transfers.attach('b', 'B', this.#a.link)
    this.#b.transfers.attach('a', 'A', this.#b.link)
    this.#b.link.start()
    this.#a.link.start()
  }

  async ready(signal: AbortSignal): Promise<void> {
    this.#ready = waitFor(signal, this.#options.clock, READY_MAX_MS, 'SHOAL_LAB_NOT_CONNECTED')
    this.#handleLanes()
    await this.#ready.promise
    this.#ready = null
  }

  async warm(signal: AbortSignal, bytes: number, untilMs: number): Promise<void> {
    const noise = new Uint8Array(bytes)
    // A browser fills 64 KiB at a time.
    for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536))
    noise.set(JPEG_BEGIN)
    const picture: OutgoingPicture = {
      file: new Blob([noise]),
      ...{ name: 'warm.jpg', type: 'image/jpeg', width: 1, height: 1, channels: 3 },
    }
    await this.#send(signal, picture, untilMs, () => undefined)
  }

  async carry(
    signal: AbortSignal,
    picture: MeasuredPicture,
    screen: Screen,
    deadlineMs: number,
  ): Promise<Carried> {
    const startedAt = this.#options.clock.now()
    screen.start(startedAt)
    this.#recorder.start(startedAt, chunkCountOf(picture.bytes.length))
    const shown = new Set<string>()
    const show = (url: string | null | undefined, isPreview: boolean, covers = false) => {
      if (!url || shown.has(url)) return
      shown.add(url)
      screen.show({ url, isPreview, covers })
    }
    // As the receiving page lays them over each other.
    const showView = ({ sight, picture: received }: TransferView) => {
      show(sight?.placeholderUrl, false, true)
      show(sight?.previewUrl, true)
      show(sight?.live?.url, true)
      show(sight?.live?.maskUrl, true)
      if (received?.complete === true) show(received.url, true)
    }
    const report = await this.#send(signal, picture, deadlineMs, showView, startedAt)
    if (report && !report.exact) await this.#lastDrawing(signal, showView)
    return { ...outcomeOf(report, startedAt), trace: this.#recorder.packets() }
  }

  close(): void {
    this.#watch = null
    for (const { transfers, link } of [this.#a, this.#b]) {
      link.close()
      transfers.close()
    }
  }

  /** The final report of the receiver; null when there was none by the deadline. */
  async #send(
    signal: AbortSignal,
    picture: OutgoingPicture,
    deadlineMs: number,
    onView: (view: TransferView) => void,
    startedAt = this.#options.clock.now(),
  ): Promise<TransferReport | null> {
    const stop = new AbortController()
    const over = waitFor<TransferReport>(
      AbortSignal.any([signal, stop.signal]),
      this.#options.clock,
      deadlineMs,
      'SHOAL_CANCELLED_BY_SENDER',
    )
    const [key = ''] = this.#a.transfers.send([{ id: 'b', name: 'B' }], picture, this.#mode, startedAt)
    this.#watch = (view) => {
      if (key !== `b:${view.transferId}`) return
      onView(view)
      if (view.report) over.resolve(view.report)
    }
    try {
      return await over.promise
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof Error) return null
      throw error
    } finally {
      this.#watch = null
      stop.abort()
      this.#a.transfers.cancel(key)
    }
  }

  /** With holes that nothing will fill, the receiving page hatches them. */
  async #lastDrawing(signal: AbortSignal, onView: (view: TransferView) => void): Promise<void> {
    const drawn = waitFor<true>(signal, this.#options.clock, LAST_DRAWING_MAX_MS, 'SHOAL_INTERNAL')
    this.#watch = (view) => {
      onView(view)
      if (view.sight?.live?.maskUrl) drawn.resolve(true)
    }
    const [view] = this.#b.transfers.views
    if (view) this.#watch(view)
    await drawn.promise.catch(() => signal.throwIfAborted())
    this.#watch = null
  }

  #end(side: 'a' | 'b', services: ShoalServices, through: PairOptions['ends']['a'], other: () => Link): End {
    const { clock } = this.#options
    const peer = side === 'a' ? 'b' : 'a'
    const openLane: OpenLane = (options) => {
      const { onMessage } = options
      const lane = openSimplePeerLane(
        {
          ...options,
          onMessage: (message) => {
            if (side === 'b') this.#recorder.handleArrived(message)
            onMessage(message)
          },
        },
        { iceServers: [], turnOnly: false, through },
      )
      if (side === 'a') {
        const send = lane.send.bind(lane)
        lane.send = (message) => {
          this.#recorder.handleSent(message)
          return send(message)
        }
      }
      return lane
    }
    const transfers = new Transfers({
      clock,
      ...services,
      sight: {
        showHeld: (signal, picture) => runImageTask(signal, 'show-held', picture),
        // What is on the screen is what is measured, whether anybody looks or not.
        isVisible: () => true,
        later: (run) => void clock.schedule(1000, run),
      },
      maxPictureBytes: PICTURE_MAX_DEFAULT_BYTES,
      newTransferId: () =>
        Array.from(crypto.getRandomValues(new Uint8Array(TRANSFER_ID_BYTES)), (byte) =>
          byte.toString(16).padStart(2, '0'),
        ).join(''),
      onChange: () => {
        if (side === 'a') this.#shareLanes()
        const view = side === 'b' ? transfers.views[0] : undefined
        if (view) this.#watch?.(view)
      },
    })
    const link = new Link({
      initiator: side === 'a',
      clock,
      openLane,
      // Signalling takes no time here: what is measured begins when all lanes are open.
      signal: (payload) => queueMicrotask(() => other().handleSignal(payload)),
      onMessage: (_lane, message) => transfers.handleMessage(peer, message),
      onDrained: () => transfers.pump(peer),
      onLanesChanged: () => {
        transfers.pump(peer)
        this.#handleLanes()
      },
      onRtt: (rttMs) => {
        transfers.handleRtt(peer, rttMs)
        this.#shareLanes()
      },
    })
    return { transfers, link }
  }

  /** As many as a page would have for it; Classic and Repair use no more than two. The answering end is told. */
  #shareLanes(): void {
    const path = this.#a.transfers.pathTo('b')
    const { contender } = this.#options
    const lanes = contender === 'assured' && path ? laneCount(path) : contender === 'assured-1' ? 1 : 2
    this.#a.link.setTarget(lanes)
    this.#b.link.setTarget(lanes)
    this.#handleLanes()
  }

  #handleLanes(): void {
    const { link } = this.#a
    if (this.#ready && link.openCount >= link.target && this.#b.link.openCount >= link.target) {
      this.#ready.resolve()
    }
  }
}

function outcomeOf(report: TransferReport | null, startedAt: number): Omit<Carried, 'trace'> {
  if (!report) {
    return {
      end: 'deadline',
      ...{ firstPacketMs: null, exactMs: null, packets: null },
      ...{ overheadRatio: null, goodputBytesPerSecond: null, queueDelayMsP95: null },
    }
  }
  return {
    end: report.exact ? 'exact' : 'partial',
    firstPacketMs: report.packetsReceived > 0 ? Math.max(0, report.firstPacketAtMs - startedAt) : null,
    exactMs: report.exact ? Math.max(0, report.completedAtMs - startedAt) : null,
    packets: {
      sent: report.packetsSent,
      lost: report.packetsLost,
      recovered: report.recovered + report.repaired,
    },
    overheadRatio: report.overheadRatio,
    goodputBytesPerSecond: report.goodputBytesPerSecond,
    queueDelayMsP95: report.queueDelayMsP95,
  }
}
