import { runImageTask } from './worker/bridge'
import type { PieceOfPicture, ShownPicture } from './worker/show-held'

/**
 * Draws what is here of a picture in a worker. Its pieces are copied one by one, with a `pause` after each: 20 MB at
 * once would hold the page up. Rejects when they are taken away meanwhile, or the signal is aborted.
 */
export async function drawHeld(
  signal: AbortSignal,
  picture: PieceOfPicture,
  pause: () => Promise<void>,
): Promise<ShownPicture | null> {
  const pieces: (Uint8Array<ArrayBuffer> | null)[] = []
  for (const piece of picture.pieces) {
    if (piece) {
      pieces.push(new Uint8Array(piece))
      await pause()
      signal.throwIfAborted()
    } else pieces.push(null)
  }
  const copies = pieces.flatMap((piece) => piece?.buffer ?? [])
  return runImageTask(signal, 'show-held', { ...picture, pieces }, copies)
}
