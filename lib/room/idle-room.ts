import { EMPTY_CHAT } from '@/lib/chat/types'

import type { Role, RoomState } from './types'

/** A page that has not asked for any room yet. `maxPictureBytes`: the most a picture may weigh. */
export function idleRoom(role: Role, maxPictureBytes: number): RoomState {
  return {
    phase: 'idle',
    errorCode: null,
    code: null,
    secret: null,
    selfName: '',
    role,
    peers: [],
    members: [],
    owner: false,
    selfIdentity: null,
    verifiedOnly: false,
    chat: EMPTY_CHAT,
    addresses: [],
    transfers: [],
    maxPictureBytes,
  }
}
