import { Broadcasts, type BroadcastsOptions } from './broadcasts'
import { createChatReplica } from './chat-replica'
import { createMyRooms, type MyRooms } from './history/my-rooms'
import { BrowserIdentityStore } from './identity-store'
import { MemberChat, type MemberChatOptions } from './room-chat'

/** What of a chat's surroundings the session gives. */
export type ChatSurroundings = Omit<MemberChatOptions, 'createCore' | 'identities' | 'history'>

/** What only a member's page needs. It is loaded for those alone: a sender's page should be there at once. */
export interface MemberKit {
  createRooms(): MyRooms
  createChat(rooms: MyRooms, surroundings: ChatSurroundings): MemberChat
  createBroadcasts(options: BroadcastsOptions): Broadcasts
}

export const memberKit: MemberKit = {
  createRooms: () => createMyRooms({ now: () => Date.now() }),
  createChat: (history, surroundings) =>
    new MemberChat({
      ...surroundings,
      createCore: createChatReplica,
      identities: new BrowserIdentityStore(),
      history,
    }),
  createBroadcasts: (options) => new Broadcasts(options),
}
