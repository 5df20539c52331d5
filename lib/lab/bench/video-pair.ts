import { PAGE_GROUND } from '../quality/measured-size'
import type { Carried, MeasuredPicture, Pair, PairOptions } from './carriage'
import { ConnectionPair } from './connection-pair'
import type { Screen } from './screen'
import { pause, waitFor } from './waiting'

const READY_MAX_MS = 60_000
/** A video call's larger side. What the encoder does with it below that is its own decision, and part of the result. */
const SIDE_MAX_PX = 1280
const FRAMES_PER_SECOND = 15
/** Of frames that come closer together only the first is measured: they look alike, and each costs some 40 ms afterwards. */
const MEASURED_APART_MS = 100
/** The picture gets better for some time after it first appears; then it has what this link gives. */
const WATCHED_MS = 3000
/** Before the picture there is PAGE_GROUND, of this luma; a frame that is far from it anywhere shows the picture. */
const GROUND_LUMA = 218
/** The encoder's own noise on a plain ground is less. */
const LUMA_STEP = 12

/**
 * The picture as frames of a WebRTC video (RTP, RFC 8834), as a call would show it: encoded again and again, at whatever
 * rate the browser's congestion control allows. What arrives is a lossy copy; nothing of the file does.
 */
export class VideoPair implements Pair {
  readonly #options: PairOptions
  readonly #connections: ConnectionPair
  readonly #canvas = document.createElement('canvas')
  readonly #stream: MediaStream
  readonly #video = document.createElement('video')
  readonly #frames: () => void
  #connected: Promise<void> | null = null
  #onFrame: () => void = () => undefined
  #closed = false
  #isShown = false

  constructor(options: PairOptions, size: { readonly width: number; readonly height: number }) {
    this.#options = options
    const scale = Math.min(1, SIDE_MAX_PX / Math.max(size.width, size.height))
    // Encoders want even sides.
    this.#canvas.width = 2 * Math.max(8, Math.round((size.width * scale) / 2))
    this.#canvas.height = 2 * Math.max(8, Math.round((size.height * scale) / 2))
    this.#draw(null)
    this.#stream = this.#canvas.captureStream(FRAMES_PER_SECOND)
    this.#connections = new ConnectionPair(options.ends)
    for (const track of this.#stream.getVideoTracks()) {
      track.contentHint = 'detail'
      this.#connections.a.addTrack(track, this.#stream)
    }
    this.#video.muted = true
    this.#video.playsInline = true
    this.#connections.b.addEventListener('track', ({ track }) => {
      this.#video.srcObject = new MediaStream([track])
      void this.#video.play().catch(() => undefined)
    })
    this.#frames = () => {
      if (this.#closed) return
      this.#onFrame()
      this.#video.requestVideoFrameCallback(this.#frames)
    }
  }

  async ready(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const first = waitFor<true>(signal, clock, READY_MAX_MS, 'SHOAL_LAB_NOT_CONNECTED')
    this.#isShown = false
    this.#onFrame = () => {
      if (!this.#showsPicture()) first.resolve(true)
    }
    if (!this.#connected) {
      this.#video.requestVideoFrameCallback(this.#frames)
      this.#connected = this.#connections.connect()
    }
    await this.#connected
    const stop = this.#keepDrawing(null)
    try {
      await first.promise
    } finally {
      stop()
    }
  }

  /** The estimate of the rate grows while something is sent. */
  async warm(signal: AbortSignal, _bytes: number, untilMs: number): Promise<void> {
    const stop = this.#keepDrawing(null)
    try {
      await pause(signal, this.#options.clock, Math.min(untilMs, 2000))
    } finally {
      stop()
    }
  }

  async carry(
    signal: AbortSignal,
    picture: MeasuredPicture,
    screen: Screen,
    deadlineMs: number,
  ): Promise<Carried> {
    const { clock } = this.#options
    const bitmap = await createImageBitmap(picture.file)
    const startedAt = clock.now()
    screen.start(startedAt)
    const shown = waitFor<true>(signal, clock, deadlineMs, 'SHOAL_CANCELLED_BY_SENDER')
    let nextAt = 0
    this.#onFrame = () => {
      this.#isShown ||= this.#showsPicture()
      const now = clock.now()
      if (!this.#isShown || now < nextAt) return
      nextAt = now + MEASURED_APART_MS
      void screen.showFrame(this.#video)
      shown.resolve(true)
    }
    const stop = this.#keepDrawing(bitmap)
    try {
      await shown.promise.catch(() => signal.throwIfAborted())
      const leftMs = deadlineMs - (clock.now() - startedAt)
      if (leftMs > 0) await pause(signal, clock, Math.min(WATCHED_MS, leftMs))
    } finally {
      stop()
      this.#onFrame = () => undefined
      bitmap.close()
    }
    return {
      end: this.#isShown ? 'lossy' : 'deadline',
      ...{ firstPacketMs: null, exactMs: null, packets: null, trace: [] },
      ...{ overheadRatio: null, goodputBytesPerSecond: null, queueDelayMsP95: null },
    }
  }

  close(): void {
    this.#closed = true
    this.#onFrame = () => undefined
    this.#video.srcObject = null
    for (const track of this.#stream.getTracks()) track.stop()
    this.#connections.close()
  }

  /** A canvas gives a frame only when it is drawn on. */
  #keepDrawing(picture: ImageBitmap | null): () => void {
    let cancel: () => void = () => undefined
    const draw = () => {
      this.#draw(picture)
      cancel = this.#options.clock.schedule(1000 / FRAMES_PER_SECOND, draw)
    }
    draw()
    return () => cancel()
  }

  #draw(picture: ImageBitmap | null): void {
    const { width, height } = this.#canvas
    const context = this.#canvas.getContext('2d')
    if (!context) return
    context.fillStyle = PAGE_GROUND
    context.fillRect(0, 0, width, height)
    if (picture) context.drawImage(picture, 0, 0, width, height)
  }

  #showsPicture(): boolean {
    const probe = new OffscreenCanvas(16, 16)
    const context = probe.getContext('2d', { willReadFrequently: true })
    if (!context) return false
    context.drawImage(this.#video, 0, 0, 16, 16)
    const { data } = context.getImageData(0, 0, 16, 16)
    for (let at = 0; at < data.length; at += 4) {
      const luma = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)
      if (Math.abs(luma - GROUND_LUMA) > LUMA_STEP) return true
    }
    return false
  }
}
