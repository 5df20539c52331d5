import { nudgeOnReturn } from '@/lib/signalling/browser'

const TRANSFER_ID_BYTES = 8

export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count))
}

/** `crypto.randomUUID` does not exist on plain http. */
export function newTransferId(): string {
  return Array.from(randomBytes(TRANSFER_ID_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Someone looks at the page. */
export function isPageVisible(): boolean {
  return document.visibilityState === 'visible'
}

/** Tells when the network may be back and when the page is gone, until `signal` aborts. */
export function listenToPage(
  signal: AbortSignal,
  { onReturn, onGone }: { readonly onReturn: () => void; readonly onGone: () => void },
): void {
  signal.addEventListener('abort', nudgeOnReturn(onReturn))
  // The other side learns at once that this page is gone; the place in the room is kept for a reload.
  window.addEventListener('pagehide', onGone, { signal })
  window.addEventListener('pageshow', (event) => {
    // Back from the browser's cache with everything closed: begin again, in the same place.
    if (event.persisted) window.location.reload()
  })
}
