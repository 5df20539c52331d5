import { secretInFragment } from '@/lib/keys/secret'
import type { KnownSecret } from '@/lib/room/secret-store'
import { saveSecret } from '@/lib/room/secret-store'
import { parseRoomCode } from '@/lib/signalling/room-code'

/** A secret whose room is not known yet: the address had no valid code. */
let homeless: KnownSecret | null = null

/**
 * Takes the room secret out of the address (`#k=…`) into this tab's memory, so that no screenshot, bookmark or copied
 * address carries it. It stays in the address where the tab can keep nothing for a reload.
 */
export function takeLinkSecret(room: string | null): void {
  const secret = secretInFragment(location.hash)
  if (secret === null) return
  const code = room === null ? null : parseRoomCode(room)
  if (code === null) homeless = secret
  else if (saveSecret(code, secret)) removeFragment()
}

/** A person joins by a form: with the secret that had no room yet; never held up by a link that was not whole. */
export function bindLinkSecret(room: string, wasMalformed: boolean): void {
  const code = parseRoomCode(room)
  if (code === null) return
  if (homeless instanceof Uint8Array) {
    if (saveSecret(code, homeless)) removeFragment()
  } else if (wasMalformed || homeless === 'malformed') saveSecret(code, 'none')
  homeless = null
}

/** An invitation opened where its page is open already changes the fragment alone: the page begins anew with it. */
export function reloadOnNewSecret(): () => void {
  const onChange = (): void => {
    if (secretInFragment(location.hash) !== null) location.reload()
  }
  window.addEventListener('hashchange', onChange)
  return () => window.removeEventListener('hashchange', onChange)
}

function removeFragment(): void {
  history.replaceState(history.state, '', location.pathname + location.search)
}
