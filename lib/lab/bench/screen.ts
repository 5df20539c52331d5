import { PAGE_GROUND } from '../quality/measured-size'
import type { ShownFrame } from '../traces'

/** The longer side of what is kept of each moment: what an eye sees of a picture on a phone, and quick to measure. */
export const SIDE_MAX_PX = 512
/** More moments than any contender shows; what comes after them is not kept. */
export const FRAMES_MAX = 300

interface Moment {
  readonly ms: number
  readonly picture: ImageBitmap
  /** More than a blur. */
  readonly isPreview: boolean
}

/** One picture that is laid over what is there. */
export interface Layer {
  readonly url: string
  readonly isPreview: boolean
  /** Over all of the box, cut where it does not fit, as a blur is. */
  readonly covers?: boolean
}

/**
 * Where the receiving end of a run shows its picture, layer over layer, as the receiving page does. Each moment is kept, at
 * the time when its picture was decoded and drawn: a picture that has come but is not drawn is not seen.
 */
export class Screen {
  readonly #canvas: HTMLCanvasElement
  readonly #now: () => number
  readonly #moments: Moment[] = []
  #startedAt: number | null = null
  #drawing: Promise<void> = Promise.resolve()

  /** Draws on a canvas that may be on the page; its size becomes that of the picture, scaled to 512 pixels. */
  constructor(
    canvas: HTMLCanvasElement,
    size: { readonly width: number; readonly height: number },
    now: () => number,
  ) {
    const scale = Math.min(1, SIDE_MAX_PX / Math.max(size.width, size.height))
    canvas.width = Math.max(1, Math.round(size.width * scale))
    canvas.height = Math.max(1, Math.round(size.height * scale))
    this.#canvas = canvas
    this.#now = now
    this.#ground()
  }

  /** The picture is sent now. */
  start(now: number): void {
    this.#startedAt = now
  }

  /** Shows a layer as soon as it is decoded, after those before it; what can't be drawn is not seen. */
  show(layer: Layer): void {
    const loading = load(layer.url)
    this.#drawing = this.#drawing.then(async () => {
      const image = await loading
      if (image) await this.#draw(image, image.naturalWidth, image.naturalHeight, layer)
    })
  }

  /** A frame of video, which has been decoded already. */
  showFrame(frame: HTMLVideoElement): Promise<void> {
    return this.#draw(frame, frame.videoWidth, frame.videoHeight, { isPreview: true })
  }

  /** Everything that was shown until now, oldest first, once all of it is drawn. */
  async moments(): Promise<readonly Moment[]> {
    await this.#drawing
    return this.#moments
  }

  /** As files, for an eye that looks again. */
  async frames(): Promise<readonly ShownFrame[]> {
    const canvas = new OffscreenCanvas(this.#canvas.width, this.#canvas.height)
    const context = canvas.getContext('2d')
    const frames: ShownFrame[] = []
    for (const { ms, picture } of await this.moments()) {
      context?.drawImage(picture, 0, 0)
      frames.push({ ms, picture: await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 }) })
    }
    return frames
  }

  /** The whole picture, as it would be shown here: what every moment is held against. */
  async original(file: Blob): Promise<ImageBitmap> {
    const canvas = document.createElement('canvas')
    canvas.width = this.#canvas.width
    canvas.height = this.#canvas.height
    const url = URL.createObjectURL(file)
    // An image of a page and a bitmap are scaled by other means: to be the same, both have to be the former.
    const image = await load(url)
    if (image) canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    URL.revokeObjectURL(url)
    return createImageBitmap(canvas)
  }

  close(): void {
    for (const { picture } of this.#moments.splice(0)) picture.close()
  }

  async #draw(
    source: CanvasImageSource,
    width: number,
    height: number,
    { isPreview, covers = false }: Pick<Layer, 'isPreview' | 'covers'>,
  ): Promise<void> {
    const context = this.#canvas.getContext('2d')
    if (!context || width === 0 || this.#startedAt === null || this.#moments.length >= FRAMES_MAX) return
    const scales = [this.#canvas.width / width, this.#canvas.height / height]
    const scale = covers ? Math.max(...scales) : Math.min(...scales)
    const [drawnWidth, drawnHeight] = [width * scale, height * scale]
    context.drawImage(
      source,
      (this.#canvas.width - drawnWidth) / 2,
      (this.#canvas.height - drawnHeight) / 2,
      drawnWidth,
      drawnHeight,
    )
    const ms = Math.max(0, this.#now() - this.#startedAt)
    this.#moments.push({ ms, picture: await createImageBitmap(this.#canvas), isPreview })
  }

  #ground(): void {
    const context = this.#canvas.getContext('2d')
    if (!context) return
    context.fillStyle = PAGE_GROUND
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height)
  }
}

/** Null for what the browser can draw nothing of. A picture that has only begun is drawn as far as it goes. */
async function load(url: string): Promise<HTMLImageElement | null> {
  const image = new Image()
  const loaded = new Promise<boolean>((resolve) => {
    image.onload = () => resolve(true)
    image.onerror = () => resolve(false)
  })
  image.src = url
  if (!(await loaded)) return null
  await image.decode().catch(() => undefined)
  return image.naturalWidth > 0 ? image : null
}
