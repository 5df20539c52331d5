import type { EndOptions, Incoming, IncomingRun, ReceivingEnd } from './carriage'
import { ConnectionEnd } from './connection-end'
import { READY_MAX_MS } from './shoal-end'
import { waitFor } from './waiting'

/** Of frames that come closer together only the first is measured: they look alike, and each costs some 40 ms afterwards. */
const MEASURED_APART_MS = 100
/** The picture gets better for some time after it first appears; then it has what this link gives. */
const WATCHED_MS = 3000
/** The sender's estimate of the rate has grown by then. */
const WARMING_MS = 2000
/** Before the picture there is PAGE_GROUND, of this luma; a frame that is far from it anywhere shows the picture. */
const GROUND_LUMA = 218
/** The encoder's own noise on a plain ground is less. */
const LUMA_STEP = 12
const PROBE_PX = 16

/** Shows the frames of a WebRTC video. */
export class VideoReceivingEnd implements ReceivingEnd {
  readonly #clock: EndOptions['clock']
  readonly #end: ConnectionEnd
  readonly #video = document.createElement('video')
  #onFrame: () => void = () => undefined
  #closed = false

  constructor(options: EndOptions) {
    this.#clock = options.clock
    this.#end = new ConnectionEnd(options)
    this.#video.muted = true
    this.#video.playsInline = true
    this.#end.connection.addEventListener('track', ({ track }) => {
      this.#video.srcObject = new MediaStream([track])
      void this.#video.play().catch(() => undefined)
    })
    const watch = () => {
      if (this.#closed) return
      this.#onFrame()
      this.#video.requestVideoFrameCallback(watch)
    }
    this.#video.requestVideoFrameCallback(watch)
  }

  handleSignal(signal: string): void {
    this.#end.handleSignal(signal)
  }

  setLanes(): void {
    // There is one track.
  }

  async ready(signal: AbortSignal): Promise<void> {
    const ground = waitFor<true>(signal, this.#clock, READY_MAX_MS, 'SHOAL_LAB_NOT_CONNECTED')
    this.#onFrame = () => {
      if (!this.#showsPicture()) ground.resolve(true)
    }
    await ground.promise
  }

  expect({ screen, onOver }: IncomingRun): Incoming {
    const clock = this.#clock
    let isShown = false
    let nextAt = 0
    let cancel: () => void = () => undefined
    this.#onFrame = () => undefined
    if (!screen) cancel = clock.schedule(WARMING_MS, onOver)
    else {
      this.#onFrame = () => {
        if (!isShown && !this.#showsPicture()) return
        if (!isShown) cancel = clock.schedule(WATCHED_MS, onOver)
        isShown = true
        const now = clock.now()
        if (now < nextAt) return
        nextAt = now + MEASURED_APART_MS
        void screen.showFrame(this.#video)
      }
    }
    return {
      handleHandedOver: () => undefined,
      finish: async () => {
        cancel()
        this.#onFrame = () => undefined
        return {
          end: isShown ? 'lossy' : 'deadline',
          ...{ firstPacketMs: null, exactMs: null, packets: null, arrivals: [] },
          ...{ overheadRatio: null, goodputBytesPerSecond: null, queueDelayMsP95: null },
        }
      },
    }
  }

  close(): void {
    this.#closed = true
    this.#onFrame = () => undefined
    this.#video.srcObject = null
    this.#end.close()
  }

  #showsPicture(): boolean {
    const probe = new OffscreenCanvas(PROBE_PX, PROBE_PX)
    const context = probe.getContext('2d', { willReadFrequently: true })
    if (!context) return false
    context.drawImage(this.#video, 0, 0, PROBE_PX, PROBE_PX)
    const { data } = context.getImageData(0, 0, PROBE_PX, PROBE_PX)
    for (let at = 0; at < data.length; at += 4) {
      const luma = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)
      if (Math.abs(luma - GROUND_LUMA) > LUMA_STEP) return true
    }
    return false
  }
}
