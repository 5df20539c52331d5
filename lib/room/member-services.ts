import type { Place } from '@/lib/keys/keyring'
import type { RandomBytes } from '@/lib/keys/secret'
import type { Clock } from '@/lib/peer/clock'
import type { Broadcast } from '@/lib/transfer/fan-out'
import type { Transfers } from '@/lib/transfer/transfers'

import { Broadcasts } from './broadcasts'
import { createChatReplica } from './chat-replica'
import { createMyRooms, type MyRooms } from './history/my-rooms'
import { BrowserIdentityStore } from './identity-store'
import { channelText } from './member-texts'
import type { Peers } from './peers'
import type { RelayAccess } from './relay-access'
import { MemberChat } from './room-chat'

export interface MemberServicesOptions {
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly peers: Peers
  readonly transfers: Transfers
  /** Null where it is switched off: then pictures for many go to each by its own lanes. */
  readonly relay: RelayAccess | null
  /** Where this page is; null outside a room. */
  readonly place: () => Place | null
  /** Whether anything is taken from this member. */
  readonly admits: (peerId: string) => boolean
  /** As the owner: takes a member out of the room. */
  readonly remove: (peerId: string) => void
  readonly onChange: () => void
}

/** How the session gets them; the code comes with it, so that other pages need not load it. */
export type CreateMemberServices = (options: MemberServicesOptions) => MemberServices

export const createMemberServices: CreateMemberServices = (options) => new MemberServices(options)

/** What a member's page does beside pictures to each: the chat, the list of its rooms, and one upload for many. */
export class MemberServices {
  readonly chat: MemberChat
  readonly #broadcasts: Broadcasts | null
  readonly #rooms: MyRooms

  constructor(options: MemberServicesOptions) {
    const { clock, randomBytes, peers, transfers, relay, place, admits, remove, onChange } = options
    this.#broadcasts =
      relay &&
      new Broadcasts({
        ...{ clock, randomBytes, place },
        port: (groups) => relay.groupPort(groups),
        sendText: (peerId, text) => void peers.sendText(peerId, channelText('group', text)),
        onMessage: (peerId, message) => {
          if (admits(peerId)) transfers.handleMessage(peerId, message)
        },
      })
    this.#rooms = createMyRooms({ now: () => Date.now() })
    this.chat = new MemberChat({
      ...{ clock, randomBytes, peers, transfers, remove, onChange },
      createCore: createChatReplica,
      identities: new BrowserIdentityStore(),
      history: this.#rooms,
      onGroupText: (peerId, text) => void this.#broadcasts?.handleText(peerId, parseJson(text)),
    })
  }

  /** One upload for these peers; null where there is no way for it. */
  openBroadcast(peerIds: readonly string[]): Broadcast | null {
    return this.#broadcasts?.open(peerIds) ?? null
  }

  /** Its page is gone, or another has taken its place. */
  handleGone(peerId: string): void {
    this.#broadcasts?.handlePeerGone(peerId)
    this.chat.handleGone(peerId)
  }

  close(): void {
    this.chat.close()
    this.#broadcasts?.close()
    this.#rooms.close()
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
