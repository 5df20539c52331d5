import { Keyring } from '@/lib/keys/keyring'
import { openSimplePeerLane } from '@/lib/peer/simple-peer-lane'
import { LANES_MAX } from '@/lib/protocol/congestion/lane-count'
import {
  createInstance,
  createTabTokenStore,
  explainRefusal,
  openBrowserRelaySocket,
  openBrowserSocket,
} from '@/lib/signalling/browser'
import { createSignallingClient, type SignallingClient } from '@/lib/signalling/client'
import type { Transfers } from '@/lib/transfer/transfers'
import { createWorkerClock, type OwnedClock } from '@/lib/transfer/worker-clock'

import { isPageVisible, listenToPage, randomBytes } from './browser'
import { laneRoutes } from './lane-routes'
import type { CreateMemberServices, MemberServices } from './member-services'
import { OwnPlace } from './own-place'
import { Peers } from './peers'
import { RelayAccess } from './relay-access'
import type { MemberChat } from './room-chat'
import { RoomJoin } from './room-join'
import { RoomMembers } from './room-members'
import { RoomPictures } from './room-pictures'
import { RoomView } from './room-view'
import type { PathChoice, Role, RoomPurpose, RoomSession, RoomState } from './types'

/** This page's membership: signalling, links to the others, and the pictures that go over them. */
export function createRoomSession(options: {
  readonly role: Role
  readonly paths: PathChoice
  /** For role `member`; without it such a page has pictures only. */
  readonly createServices?: CreateMemberServices
  /** Left out: pictures. */
  readonly purpose?: RoomPurpose
}): RoomSession {
  const { role, paths, createServices = null, purpose = 'pictures' } = options
  return new PageSession(role, paths, createServices, purpose)
}

class PageSession implements RoomSession {
  readonly chat: MemberChat | null
  readonly #role: Role
  readonly #purpose: RoomPurpose
  readonly #textListeners = new Set<(peerId: string, text: string) => void>()
  readonly #clock: OwnedClock = createWorkerClock()
  readonly #signalling: SignallingClient
  readonly #place: OwnPlace
  readonly #joining: RoomJoin
  readonly #pictures: RoomPictures
  readonly #transfers: Transfers
  readonly #relay: RelayAccess | null
  readonly #peers: Peers
  readonly #services: MemberServices | null
  readonly #members: RoomMembers
  readonly #view: RoomView
  readonly #listening = new AbortController()

  constructor(
    role: Role,
    choice: PathChoice,
    createServices: CreateMemberServices | null,
    purpose: RoomPurpose,
  ) {
    this.#role = role
    this.#purpose = purpose
    const instance = createInstance()
    const direct = choice.relay !== 'only'
    this.#place = new OwnPlace(new Keyring({ instance, randomBytes }), randomBytes)
    this.#signalling = createSignallingClient({
      openSocket: openBrowserSocket,
      clock: this.#clock,
      tokens: createTabTokenStore(role, purpose),
      random: Math.random,
      instance,
      explain: explainRefusal,
    })
    this.#joining = new RoomJoin({ role, direct, signalling: this.#signalling, place: this.#place })
    this.#pictures = new RoomPictures({
      clock: this.#clock,
      keeps: role !== 'sender' && purpose !== 'lab',
      openBroadcast: role === 'member' ? (peerIds) => this.#services?.openBroadcast(peerIds) ?? null : null,
      onChange: () => {
        this.#peers.shareLanes()
        this.#view.update()
      },
    })
    this.#transfers = this.#pictures.transfers
    this.#relay =
      choice.relay === 'off'
        ? null
        : new RelayAccess({
            openSocket: openBrowserRelaySocket,
            clock: this.#clock,
            random: Math.random,
            onChange: () => this.#view.update(),
          })
    this.#peers = new Peers({
      role,
      clock: this.#clock,
      openLane: (options) =>
        openSimplePeerLane(
          options,
          laneRoutes(this.#signalling.getState().paths.iceServers, choice.turnOnly),
        ),
      relay: this.#relay,
      direct,
      transfers: this.#transfers,
      signal: (to, payload) => void this.#signalling.sendSignal(to, payload),
      selfId: () => this.#place.current?.selfId ?? '',
      pair: (member, end) => this.#place.pair(member, end),
      onText: (peerId, text) => {
        this.chat?.handleText(peerId, text)
        for (const listener of this.#textListeners) listener(peerId, text)
      },
      onGone: (peerId) => this.#services?.handleGone(peerId),
      takesFrom: (peerId) => this.#admits(peerId),
      onChange: () => this.#handlePeers(),
      onLanesLost: () => this.#signalling.nudge(),
    })
    this.#services =
      createServices?.({
        ...{ clock: this.#clock, randomBytes, peers: this.#peers, transfers: this.#transfers },
        relay: this.#relay,
        place: () => this.#place.current,
        admits: (peerId) => this.#admits(peerId),
        remove: (peerId) => void this.#signalling.remove(peerId),
        onChange: () => this.#view.update(),
      }) ?? null
    this.chat = this.#services?.chat ?? null
    this.#members = new RoomMembers({
      clock: this.#clock,
      peers: this.#peers,
      transfers: this.#transfers,
      isVisible: isPageVisible,
      onChange: () => this.#view.update(),
    })
    this.#view = new RoomView({
      role,
      relayChoice: choice.relay,
      signalling: this.#signalling,
      joining: this.#joining,
      peers: this.#peers,
      members: this.#members,
      transfers: this.#transfers,
      chat: this.chat,
      relay: this.#relay,
    })
    this.#signalling.subscribe(() => this.#handleSignalling())
    this.#signalling.onRemoved((id) => this.#peers.remove(id))
    this.#signalling.onSignal((from, payload) => this.#peers.handleSignal(from, payload))
    listenToPage(this.#listening.signal, {
      onReturn: () => {
        this.#signalling.nudge()
        this.#relay?.nudge()
      },
      onGone: () => this.close(),
    })
  }

  getState(): RoomState {
    return this.#view.getState()
  }

  subscribe(listener: () => void): () => void {
    return this.#view.subscribe(listener)
  }

  open(options: Parameters<RoomSession['open']>[0]): void {
    const errorCode = this.#joining.open(options)
    if (errorCode) this.#view.fail(errorCode)
  }

  join(options: Parameters<RoomSession['join']>[0]): void {
    const errorCode = this.#joining.join(options)
    if (errorCode) this.#view.fail(errorCode)
  }

  leave(): void {
    this.#signalling.leave()
    this.#peers.close()
    this.#members.stop()
    this.chat?.enter(null)
    this.#pictures.leave()
    this.#view.update()
  }

  prepare({ mode, lanes = LANES_MAX, picture = null }: Parameters<RoomSession['prepare']>[0]): void {
    if (mode === 'assured') this.#peers.setLanes(lanes)
    void this.#transfers.prepare(picture, mode)
  }

  hurry(): void {
    this.#peers.hurry(true)
  }

  send({ picture, mode, startedAtMs, peerId }: Parameters<RoomSession['send']>[0]): string[] {
    // A sender takes nothing.
    const open = this.#peers.views.filter(
      (peer) => peer.link === 'open' && peer.role !== 'sender' && this.#admits(peer.id),
    )
    this.#peers.hurry(false)
    const targets = peerId === undefined ? open : open.filter((peer) => peer.id === peerId)
    return this.#transfers.send(targets, picture, mode, startedAtMs)
  }

  handlePreviewShown(transferKey: string, atMs: number): void {
    this.#transfers.handlePreviewShown(transferKey, atMs)
  }

  sendText(peerId: string, text: string): boolean {
    return this.#peers.sendText(peerId, text)
  }

  onText(listener: (peerId: string, text: string) => void): () => void {
    this.#textListeners.add(listener)
    return () => void this.#textListeners.delete(listener)
  }

  cancel(transferKey: string): void {
    this.#transfers.cancel(transferKey)
  }

  repair(transferKey: string): void {
    this.#transfers.repair(transferKey)
  }

  remove(transferKey: string): void {
    this.#pictures.remove(transferKey)
  }

  close(): void {
    this.#listening.abort()
    this.#members.stop()
    this.#services?.close()
    this.#signalling.close()
    this.#peers.close()
    this.#relay?.close()
    this.#pictures.close()
    this.#clock.close()
  }

  #handleSignalling(): void {
    const { phase, errorCode, members, room, selfId, paths } = this.#signalling.getState()
    if (phase === 'joined' && room !== null && selfId !== null) {
      if (this.#place.enter(room, selfId)) this.#peers.handleNewPlace()
      this.#relay?.setTicket(paths.relay?.ticket ?? null)
      this.chat?.enter(this.#joining.room)
      this.#peers.sync(members)
      this.#pictures.startWorkersFor(this.#peers.views)
      if (this.#role === 'member') this.#members.start()
      this.#pictures.enter(room)
    } else if (errorCode === 'SHOAL_REMOVED') {
      // The others have closed what they had open to us: nothing of ours goes to them either.
      this.#peers.close()
      this.#members.stop()
    } else {
      // While the socket is away the list is old news; open lanes go on.
      this.#peers.pause()
    }
    this.#view.update()
  }

  #handlePeers(): void {
    this.#pictures.startWorkersFor(this.#peers.views)
    // It tells of its own changes by `onChange`, and of none by way of this.
    if (this.chat) this.chat.handleMembers()
    else this.#view.update()
  }

  /**
   * In a room for verified members only, others are given nothing and nothing is taken from them; the lab takes no
   * pictures.
   */
  #admits(peerId: string): boolean {
    if (this.#purpose === 'lab') return false
    if (this.chat) return this.chat.admits(peerId)
    return !this.#joining.verifiedOnly || this.#peers.keysOf(peerId)?.verified === true
  }
}
