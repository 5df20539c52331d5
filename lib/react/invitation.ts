import { secretFragment } from '@/lib/keys/secret'
import type { ServerAddress } from '@/lib/room/types'

/**
 * The origin that the invitation carries: the chosen one if the server still reports it, else the page's own
 * if the server reports it, else the server's best. null: this machine is on no network.
 */
export function invitationOrigin(
  addresses: readonly ServerAddress[],
  chosenOrigin: string | null,
  pageOrigin: string,
): string | null {
  const reported = (origin: string | null) => addresses.some((address) => address.origin === origin)
  if (reported(chosenOrigin)) return chosenOrigin
  if (reported(pageOrigin)) return pageOrigin
  return addresses[0]?.origin ?? null
}

/**
 * The whole invitation: opening it joins the room as a sender, or as a lab's receiving end. The secret stands where no
 * server sees it.
 */
export function invitationLink(
  origin: string,
  roomCode: string,
  secret: string | null,
  page: '/send' | '/lab/end' = '/send',
): string {
  return `${origin}${page}?room=${encodeURIComponent(roomCode)}${secret === null ? '' : secretFragment(secret)}`
}

/** Whether only this computer can open a page at this origin. */
export function isLoopbackOrigin(origin: string): boolean {
  return /^https?:\/\/(localhost|[^/:]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(origin)
}
