import { parseRoomCode } from '@/lib/signalling/room-code'

import { takeLinkSecret } from './link-secret'
import { myRooms } from './my-rooms'
import { PLAIN_ROOM, roomFactsIn } from './room-link'
import type { RoomFacts } from './room-link'

/**
 * Takes what an invitation says out of the address, its secret into this tab's memory; without an invitation, what this
 * device knows of the room from before, its secret too where that was kept.
 */
export async function takeRoomFacts(room: string): Promise<RoomFacts> {
  const invited = roomFactsIn(location.hash)
  takeLinkSecret(room)
  const code = parseRoomCode(room)
  if (code === null) return PLAIN_ROOM
  if (invited) {
    // Written down at once: a reload finds no invitation any more.
    await myRooms().touch({ code, ...invited })
    return invited
  }
  await myRooms().recallSecret(code)
  const known = (await myRooms().list()).find((entry) => entry.code === code)
  return known ? { title: known.title, verifiedOnly: known.verifiedOnly } : PLAIN_ROOM
}
