import type { TransferReport } from '@/lib/protocol/report'
import type { TransferView } from '@/lib/transfer/types'

import type { EndOptions, Incoming, IncomingRun, Received, ReceivingEnd } from './carriage'
import { ArrivalRecorder } from './packet-recorder'
import { openShoalEnd, READY_MAX_MS, transferIdOf } from './shoal-end'
import type { ShoalEnd, ShoalServices } from './shoal-end'
import { waitFor } from './waiting'
import type { Waiting } from './waiting'

/** A picture with holes is drawn once more when it is over; a busy page takes that long for it. */
const LAST_DRAWING_MAX_MS = 2000

/** Receives as a page does, and shows what the receiving page would. */
export class ShoalReceivingEnd implements ReceivingEnd {
  readonly #clock: EndOptions['clock']
  readonly #end: ShoalEnd
  #recorder: ArrivalRecorder | null = null
  #onView: ((view: TransferView) => void) | null = null
  #ready: Waiting<void> | null = null
  #run = 0

  constructor(options: EndOptions & { readonly services: ShoalServices }) {
    this.#clock = options.clock
    this.#end = openShoalEnd({
      ...options,
      initiator: false,
      // It sends no picture of its own.
      newTransferId: () => transferIdOf(0),
      onArrived: (message) => this.#recorder?.handle(message),
      onTransfers: () => this.#handleTransfers(),
      onLanes: () => this.#handleLanes(),
    })
    this.#end.link.start()
  }

  handleSignal(signal: string): void {
    this.#end.link.handleSignal(signal)
  }

  setLanes(lanes: number): void {
    this.#end.link.setTarget(lanes)
    this.#handleLanes()
  }

  async ready(signal: AbortSignal): Promise<void> {
    this.#ready = waitFor(signal, this.#clock, READY_MAX_MS, 'SHOAL_LAB_NOT_CONNECTED')
    this.#handleLanes()
    await this.#ready.promise
    this.#ready = null
  }

  expect({ number, screen, onOver }: IncomingRun): Incoming {
    const expectedAt = this.#clock.now()
    const recorder = (this.#recorder = new ArrivalRecorder(() => this.#clock.now(), expectedAt))
    this.#run = number
    const shown = new Set<string>()
    const show = (url: string | null | undefined, isPreview: boolean, covers = false) => {
      if (!url || shown.has(url)) return
      shown.add(url)
      screen?.show({ url, isPreview, covers })
    }
    // As the receiving page lays them over each other.
    const showView = ({ sight, picture: received }: TransferView) => {
      show(sight?.placeholderUrl, false, true)
      show(sight?.previewUrl, true)
      show(sight?.live?.url, true)
      show(sight?.live?.maskUrl, true)
      if (received?.complete === true) show(received.url, true)
    }
    let report: TransferReport | null = null
    this.#onView = (view) => {
      showView(view)
      if (report || !view.report) return
      report = view.report
      onOver()
    }
    return {
      handleHandedOver: () => undefined,
      finish: async (signal, inTime) => {
        const final = inTime ? report : null
        if (final && !final.exact) await this.#lastDrawing(signal, showView)
        this.#onView = null
        this.#recorder = null
        return { ...outcomeOf(final, expectedAt), arrivals: recorder.arrivals() }
      },
    }
  }

  close(): void {
    this.#onView = null
    this.#recorder = null
    this.#end.close()
  }

  /** With holes that nothing will fill, the receiving page hatches them. */
  async #lastDrawing(signal: AbortSignal, showView: (view: TransferView) => void): Promise<void> {
    const drawn = waitFor<true>(signal, this.#clock, LAST_DRAWING_MAX_MS, 'SHOAL_INTERNAL')
    this.#onView = (view) => {
      showView(view)
      if (view.sight?.live?.maskUrl) drawn.resolve(true)
    }
    this.#handleTransfers()
    await drawn.promise.catch(() => signal.throwIfAborted())
  }

  #handleTransfers(): void {
    const id = transferIdOf(this.#run)
    const view = this.#end.transfers.views.find(({ transferId }) => transferId === id)
    if (view) this.#onView?.(view)
  }

  #handleLanes(): void {
    const { link } = this.#end
    if (link.openCount >= link.target) this.#ready?.resolve()
  }
}

function outcomeOf(report: TransferReport | null, expectedAt: number): Omit<Received, 'arrivals'> {
  if (!report) {
    return {
      end: 'deadline',
      ...{ firstPacketMs: null, exactMs: null, packets: null },
      ...{ overheadRatio: null, goodputBytesPerSecond: null, queueDelayMsP95: null },
    }
  }
  return {
    end: report.exact ? 'exact' : 'partial',
    firstPacketMs: report.packetsReceived > 0 ? Math.max(0, report.firstPacketAtMs - expectedAt) : null,
    exactMs: report.exact ? Math.max(0, report.completedAtMs - expectedAt) : null,
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
