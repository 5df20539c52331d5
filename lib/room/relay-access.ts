import type { PairCipher } from '@/lib/keys/pair-cipher'
import type { Clock } from '@/lib/peer/clock'
import { RelayLane } from '@/lib/peer/relay-lane'
import type { LinkRelay } from '@/lib/peer/relay-use'
import type { ErrorCode } from '@/lib/protocol/errors'
import { type OpenRelaySocket, RelayClient } from '@/lib/signalling/relay-client'

export interface RelayAccessOptions {
  readonly openSocket: OpenRelaySocket
  readonly clock: Clock
  readonly random: () => number
  readonly onChange: () => void
}

/** What a lane tells the one who asked for it. */
export interface RelayLaneHandlers {
  /** Null until keys are agreed on with this peer. */
  readonly cipher: () => PairCipher | null
  readonly onMessage: (message: Uint8Array) => void
  readonly onDrained: () => void
  /** The lane opened or closed. */
  readonly onChange: () => void
}

/** The page's one socket, for packets to everyone. */
export interface GroupPort {
  readonly isEntered: boolean
  readonly bufferedAmount: number
  isHere(peerId: string): boolean
  isBusy(peerId: string): boolean
  /** False when it was not taken; it is then lost. */
  sendToAll(packet: Uint8Array): boolean
  want(wanted: boolean): void
}

/** Who takes the packets that are for everyone. */
export interface RelayGroups {
  /** False for a packet that is none of a group's. */
  handlePacket(from: string, packet: Uint8Array): boolean
  /** Someone came, went, fell behind or caught up. */
  handleChange(): void
}

interface Entry {
  readonly lane: RelayLane
  readonly handlers: RelayLaneHandlers
  wanted: boolean
}

/** This page's way to its peers through the relay: one socket, open while any link wants it, and a lane to each. */
export class RelayAccess {
  readonly #options: RelayAccessOptions
  readonly #client: RelayClient
  readonly #entries = new Map<string, Entry>()
  #groups: RelayGroups | null = null
  #groupWanted = false

  constructor(options: RelayAccessOptions) {
    this.#options = options
    const { openSocket, clock, random } = options
    this.#client = new RelayClient({
      ...{ openSocket, clock, random },
      onChange: () => this.#handleChange(),
      onPacket: (from, packet) => {
        if (!this.#groups?.handlePacket(from, packet)) this.#entries.get(from)?.lane.handlePacket(packet)
      },
    })
  }

  /** Why the relay cannot be used, if it is wanted. */
  get errorCode(): ErrorCode | null {
    return this.#isWanted ? this.#client.errorCode : null
  }

  /** Null where the server does not relay, or not for us. */
  setTicket(ticket: string | null): void {
    this.#client.setTicket(ticket)
  }

  /** A lane to this peer, in place of a former one. */
  laneTo(peerId: string, handlers: RelayLaneHandlers): LinkRelay {
    const client = this.#client
    const lane = new RelayLane({
      port: {
        get isOpen() {
          return client.isHere(peerId)
        },
        get isBusy() {
          return client.isBusy(peerId)
        },
        get bufferedAmount() {
          return client.bufferedAmount
        },
        send: (packet) => client.send(peerId, packet),
      },
      cipher: handlers.cipher,
      clock: this.#options.clock,
      onMessage: handlers.onMessage,
      onDrained: handlers.onDrained,
    })
    const entry: Entry = { lane, handlers, wanted: false }
    this.#entries.set(peerId, entry)
    return {
      lane,
      want: (wanted) => {
        entry.wanted = wanted
        this.#client.setWanted(this.#isWanted)
      },
    }
  }

  /** The peer is gone for good, and its lane with it. */
  forget(peerId: string): void {
    this.#entries.delete(peerId)
    this.#client.setWanted(this.#isWanted)
  }

  /** What is for many at once goes through here (SPEC FO). */
  groupPort(groups: RelayGroups): GroupPort {
    this.#groups = groups
    const client = this.#client
    return {
      get isEntered() {
        return client.entered
      },
      get bufferedAmount() {
        return client.bufferedAmount
      },
      isHere: (peerId) => client.isHere(peerId),
      isBusy: (peerId) => client.isBusy(peerId),
      sendToAll: (packet) => client.sendToAll(packet),
      want: (wanted) => {
        this.#groupWanted = wanted
        client.setWanted(this.#isWanted)
      },
    }
  }

  nudge(): void {
    this.#client.nudge()
  }

  close(): void {
    this.#entries.clear()
    this.#client.close()
  }

  get #isWanted(): boolean {
    if (this.#groupWanted) return true
    for (const { wanted } of this.#entries.values()) if (wanted) return true
    return false
  }

  #handleChange(): void {
    for (const { lane, handlers } of [...this.#entries.values()]) {
      lane.handlePort()
      handlers.onChange()
    }
    this.#groups?.handleChange()
    this.#options.onChange()
  }
}
