import type { TransferReport } from '@/lib/protocol/report'

/** A finished picture as it is kept over a reload of the receiver's page. */
export interface KeptPicture {
  /** As in the view of its transfer. */
  readonly key: string
  readonly peerId: string
  readonly peerName: string
  readonly channels: number
  readonly fileName: string
  readonly report: TransferReport
  readonly file: Blob
}

/** Keeps finished pictures for one tab. None of these ever fails: where nothing can be stored, nothing is kept. */
export interface PictureStore {
  /** What this tab has of this room, oldest first; of other rooms it keeps nothing from here on. */
  open(room: string): Promise<readonly KeptPicture[]>
  keep(picture: KeptPicture): Promise<void>
  drop(key: string): Promise<void>
  /** The room was left. */
  clear(): Promise<void>
  close(): void
}

/** Pictures kept for one tab in one room: as many as one looks back through. */
export const KEPT_PICTURES_MAX = 20
/** Together; a browser gives a site far more, and a phone has it to spare. */
export const KEPT_BYTES_MAX = 200 * 2 ** 20
/** How long after a page was last seen its pictures stay: a tab that was closed by mistake is back within that. */
export const KEPT_FOR_MS = 60 * 60 * 1000

interface Size {
  readonly bytes: number
}

/** Of pictures in the order of their arrival, the oldest that must go so that the rest is within bounds. */
export function tooMany<T extends Size>(pictures: readonly T[]): readonly T[] {
  let bytes = 0
  let from = pictures.length
  while (from > 0 && pictures.length - from < KEPT_PICTURES_MAX) {
    bytes += pictures[from - 1]?.bytes ?? 0
    if (bytes > KEPT_BYTES_MAX) break
    from--
  }
  return pictures.slice(0, from)
}
