import { parseRoomCode } from '@/lib/signalling/room-code'

import { takeLinkSecret } from './link-secret'
import { PLAIN_ROOM, roomFactsIn } from './room-link'
import type { RoomFacts } from './room-link'
import { noteRoom, roomEntry } from './room-list'

/**
 * Takes what an invitation says out of the address, its secret into this tab's memory and the rest into the list of
 * rooms; else what this device knows of the room from before.
 */
export function takeRoomFacts(room: string): RoomFacts {
  const invited = roomFactsIn(location.hash)
  takeLinkSecret(room)
  const code = parseRoomCode(room)
  if (code === null) return PLAIN_ROOM
  if (invited) {
    noteRoom({ code, ...invited, lastAtMs: Date.now() })
    return invited
  }
  const { title, verifiedOnly } = roomEntry(code) ?? PLAIN_ROOM
  return { title, verifiedOnly }
}
