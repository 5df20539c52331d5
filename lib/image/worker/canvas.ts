/** In a worker, or where a browser lacks that, in the page. */
export type Canvas = OffscreenCanvas | HTMLCanvasElement
export type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D

export function draw(
  source: ImageBitmap | Canvas,
  size: { readonly width: number; readonly height: number },
  ground: string | null = null,
): Context {
  const context = newContext(size.width, size.height)
  if (context === null) throw new Error('This browser has no 2D canvas.')
  if (ground !== null) {
    context.fillStyle = ground
    context.fillRect(0, 0, size.width, size.height)
  }
  context.imageSmoothingQuality = 'high'
  context.drawImage(source, 0, 0, size.width, size.height)
  return context
}

/** Safari before 16.4 has no OffscreenCanvas: there the page itself runs this. */
function newContext(width: number, height: number): Context | null {
  if (typeof OffscreenCanvas === 'function') return new OffscreenCanvas(width, height).getContext('2d')
  return Object.assign(document.createElement('canvas'), { width, height }).getContext('2d')
}

export function encode(canvas: Canvas, type: string, quality: number): Promise<Blob | null> {
  if ('convertToBlob' in canvas) return canvas.convertToBlob({ type, quality })
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality))
}

/** Safari keeps a canvas' memory until its size is set to nothing. */
export function release(canvas: Canvas): void {
  canvas.width = 0
  canvas.height = 0
}
