import { PAGE_GROUND } from '../quality/measured-size'
import type { EndOptions, MeasuredPicture, Outgoing, OutgoingRun, SendingEnd } from './carriage'
import { ConnectionEnd } from './connection-end'

/** A video call's larger side. What the encoder does with it below that is its own decision, and part of the result. */
const SIDE_MAX_PX = 1280
const FRAMES_PER_SECOND = 15

/**
 * The picture as frames of a WebRTC video (RTP, RFC 8834), as a call would show it: encoded again and again, at whatever
 * rate the browser's congestion control allows. What arrives is a lossy copy; nothing of the file does.
 */
export class VideoSendingEnd implements SendingEnd {
  readonly #clock: EndOptions['clock']
  readonly #end: ConnectionEnd
  readonly #canvas = document.createElement('canvas')
  readonly #stream: MediaStream
  #offered: Promise<void> | null = null

  constructor(options: EndOptions, size: Pick<MeasuredPicture, 'width' | 'height'>) {
    this.#clock = options.clock
    const scale = Math.min(1, SIDE_MAX_PX / Math.max(size.width, size.height))
    // Encoders want even sides.
    this.#canvas.width = 2 * Math.max(8, Math.round((size.width * scale) / 2))
    this.#canvas.height = 2 * Math.max(8, Math.round((size.height * scale) / 2))
    this.#draw(null)
    this.#stream = this.#canvas.captureStream(FRAMES_PER_SECOND)
    this.#end = new ConnectionEnd(options)
    for (const track of this.#stream.getVideoTracks()) {
      track.contentHint = 'detail'
      this.#end.connection.addTrack(track, this.#stream)
    }
  }

  handleSignal(signal: string): void {
    this.#end.handleSignal(signal)
  }

  /** The other end is ready when it shows the plain ground. */
  async ready(_signal: AbortSignal, receiver: () => Promise<void>): Promise<void> {
    await (this.#offered ??= this.#end.offer())
    const stop = this.#keepDrawing(null)
    try {
      await receiver()
    } finally {
      stop()
    }
  }

  async prepare({ picture, isWarming, onHandedOver }: OutgoingRun): Promise<Outgoing> {
    // The estimate of the rate grows while something is sent, whatever it is.
    const bitmap = isWarming ? null : await createImageBitmap(picture.file)
    let stop: () => void = () => undefined
    return {
      start: () => {
        stop = this.#keepDrawing(bitmap)
        onHandedOver()
      },
      stop: () => {
        stop()
        bitmap?.close()
      },
      sent: () => [],
    }
  }

  close(): void {
    for (const track of this.#stream.getTracks()) track.stop()
    this.#end.close()
  }

  /** A canvas gives a frame only when it is drawn on. */
  #keepDrawing(picture: ImageBitmap | null): () => void {
    let cancel: () => void = () => undefined
    const draw = () => {
      this.#draw(picture)
      cancel = this.#clock.schedule(1000 / FRAMES_PER_SECOND, draw)
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
}
