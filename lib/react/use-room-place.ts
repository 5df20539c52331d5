import { useState } from 'react'

import type { RoomState } from '@/lib/room/types'
import { keepUnchanged } from '@/lib/transfer/keep-unchanged'

/** A room without its pictures. */
export type RoomPlace = Omit<RoomState, 'transfers'>

/** The same object while only pictures change, which they do several times a second: what shows the rest is not drawn again. */
export function useRoomPlace(room: RoomState): RoomPlace {
  const [before, setBefore] = useState(() => withoutTransfers(room))
  const place = keepUnchanged(before, withoutTransfers(room))
  if (place !== before) setBefore(place)
  return place
}

function withoutTransfers({ transfers: _, ...place }: RoomState): RoomPlace {
  return place
}
