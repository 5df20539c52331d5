import { createStore, type StoreApi } from 'zustand/vanilla'
import { shallow } from 'zustand/vanilla/shallow'

import { EMPTY_CHAT } from '@/lib/chat/types'
import { Keyring } from '@/lib/keys/keyring'
import { openSimplePeerLane, warmUpConnections } from '@/lib/peer/simple-peer-lane'
import { LANES_MAX } from '@/lib/protocol/congestion/lane-count'
import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import type { ErrorCode } from '@/lib/protocol/errors'
import {
  createInstance,
  createTabTokenStore,
  explainRefusal,
  openBrowserRelaySocket,
  openBrowserSocket,
} from '@/lib/signalling/browser'
import { createSignallingClient, type SignallingClient } from '@/lib/signalling/client'
import { browserSight } from '@/lib/transfer/browser-sight'
import { createBrowserPictureStore } from '@/lib/transfer/kept/browser-store'
import { parseRoomCode } from '@/lib/signalling/room-code'
import { createDigestService } from '@/lib/transfer/digest'
import { createErasureCode } from '@/lib/transfer/erasure-code'
import { keepUnchanged } from '@/lib/transfer/keep-unchanged'
import { Transfers } from '@/lib/transfer/transfers'
import { createWorkerClock, type OwnedClock } from '@/lib/transfer/worker-clock'

import type { Broadcasts } from './broadcasts'
import { isPageVisible, listenToPage, newTransferId, randomBytes } from './browser'
import { fanOutFrom } from './fan-out-from'
import type { MyRooms } from './history/my-rooms'
import { KeptPictures } from './kept-pictures'
import { laneRoutes } from './lane-routes'
import type { MemberKit } from './member-kit'
import { channelText } from './member-texts'
import { OwnPlace } from './own-place'
import { Peers } from './peers'
import { RelayAccess } from './relay-access'
import type { MemberChat } from './room-chat'
import { RoomMembers } from './room-members'
import { loadSecret } from './secret-store'
import type { PathChoice, Role, RoomPurpose, RoomSession, RoomState } from './types'

/** This page's membership: signalling, links to the others, and the pictures that go over them. */
export function createRoomSession(options: {
  readonly role: Role
  readonly paths: PathChoice
  /** For role `member`; without it such a page has pictures only. */
  readonly kit?: MemberKit
  /** Left out: pictures. */
  readonly purpose?: RoomPurpose
}): RoomSession {
  const { role, paths, kit = null, purpose = 'pictures' } = options
  return new PageSession(role, paths, kit, purpose)
}

/** A way to a peer that is not open by then is not what the workers would keep the processor from. */
const WORKERS_AFTER_MS = 2000

class PageSession implements RoomSession {
  readonly chat: MemberChat | null
  readonly #role: Role
  readonly #choice: PathChoice
  readonly #purpose: RoomPurpose
  readonly #textListeners = new Set<(peerId: string, text: string) => void>()
  readonly #clock: OwnedClock = createWorkerClock()
  readonly #digest = createDigestService()
  readonly #code = createErasureCode()
  readonly #signalling: SignallingClient
  readonly #transfers: Transfers
  readonly #peers: Peers
  readonly #members: RoomMembers
  readonly #broadcasts: Broadcasts | null
  readonly #rooms: MyRooms | null
  readonly #relay: RelayAccess | null
  readonly #store: StoreApi<RoomState>
  readonly #listening = new AbortController()
  /** Of who receives. */
  readonly #kept: KeptPictures | null
  readonly #place: OwnPlace
  #workersAreDue = false
  #askedName = ''
  #verifiedOnly = false

  constructor(role: Role, choice: PathChoice, kit: MemberKit | null, purpose: RoomPurpose) {
    this.#role = role
    this.#choice = choice
    this.#purpose = purpose
    this.#store = createStore<RoomState>(() => ({
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
      maxPictureBytes: PICTURE_MAX_DEFAULT_BYTES,
    }))
    const instance = createInstance()
    this.#place = new OwnPlace(new Keyring({ instance, randomBytes }), randomBytes)
    this.#signalling = createSignallingClient({
      openSocket: openBrowserSocket,
      clock: this.#clock,
      tokens: createTabTokenStore(role, purpose),
      random: Math.random,
      instance,
      explain: explainRefusal,
    })
    this.#kept =
      role === 'sender' || purpose === 'lab'
        ? null
        : new KeptPictures(createBrowserPictureStore(this.#clock), (pictures) =>
            this.#transfers.restore(pictures),
          )
    this.#transfers = new Transfers({
      clock: this.#clock,
      digest: this.#digest,
      code: this.#code,
      sight: {
        ...browserSight(this.#clock),
        isVisible: isPageVisible,
      },
      maxPictureBytes: PICTURE_MAX_DEFAULT_BYTES,
      newTransferId,
      onChange: () => {
        this.#peers.shareLanes()
        this.#update()
      },
      ...(role === 'member' && {
        fanOut: { from: fanOutFrom(navigator), open: (peerIds) => this.#broadcasts?.open(peerIds) ?? null },
      }),
      onFinished: (picture) => this.#kept?.keep(picture),
    })
    this.#relay =
      choice.relay === 'off'
        ? null
        : new RelayAccess({
            openSocket: openBrowserRelaySocket,
            clock: this.#clock,
            random: Math.random,
            onChange: () => this.#update(),
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
      direct: choice.relay !== 'only',
      transfers: this.#transfers,
      signal: (to, payload) => void this.#signalling.sendSignal(to, payload),
      selfId: () => this.#place.current?.selfId ?? '',
      pair: (member, end) => this.#place.pair(member, end),
      onText: (peerId, text) => {
        this.chat?.handleText(peerId, text)
        for (const listener of this.#textListeners) listener(peerId, text)
      },
      onGone: (peerId) => {
        this.#broadcasts?.handlePeerGone(peerId)
        this.chat?.handleGone(peerId)
      },
      takesFrom: (peerId) => this.#admits(peerId),
      onChange: () => this.#handlePeers(),
      onLanesLost: () => this.#signalling.nudge(),
    })
    this.#broadcasts = kit && this.#createBroadcasts(kit)
    this.#rooms = kit?.createRooms() ?? null
    this.chat = kit && this.#rooms && this.#createChat(kit, this.#rooms)
    this.#members = new RoomMembers({
      clock: this.#clock,
      peers: this.#peers,
      transfers: this.#transfers,
      isVisible: isPageVisible,
      onChange: () => this.#update(),
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
    return this.#store.getState()
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener)
  }

  open({ name, title, verifiedOnly = false }: Parameters<RoomSession['open']>[0]): void {
    if (!this.#hasWebRtc()) return
    this.#askedName = name
    this.#verifiedOnly = verifiedOnly
    this.#place.begin({ opens: true })
    const called = title === undefined || title.trim() === '' ? {} : { title }
    this.#signalling.create({ name, role: this.#role, ...called })
    this.#prepareToMeet()
  }

  join({ room, name, verifiedOnly = false }: Parameters<RoomSession['join']>[0]): void {
    if (!this.#hasWebRtc()) return
    if (loadSecret(parseRoomCode(room) ?? room) === 'malformed') {
      // Going on without it would be a room of less safety than the link promises.
      this.#store.setState({ phase: 'failed', errorCode: 'SHOAL_BAD_LINK' })
      return
    }
    this.#askedName = name
    this.#verifiedOnly = verifiedOnly
    this.#place.begin({ opens: false })
    this.#signalling.join({ room, name, role: this.#role })
    this.#prepareToMeet()
  }

  /** What takes time and does not need the server's answer. */
  #prepareToMeet(): void {
    this.#place.prepare()
    if (this.#choice.relay !== 'only') warmUpConnections()
  }

  leave(): void {
    this.#signalling.leave()
    this.#peers.close()
    this.#members.stop()
    this.chat?.enter(null)
    this.#kept?.leave()
    this.#update()
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
    this.#transfers.remove(transferKey)
    this.#kept?.drop(transferKey)
  }

  close(): void {
    this.#listening.abort()
    this.#members.stop()
    this.chat?.close()
    this.#broadcasts?.close()
    this.#rooms?.close()
    this.#signalling.close()
    this.#peers.close()
    this.#relay?.close()
    this.#transfers.close()
    this.#kept?.close()
    this.#digest.close()
    this.#code.close()
    this.#clock.close()
  }

  #handleSignalling(): void {
    const { phase, errorCode, members, room, selfId, paths } = this.#signalling.getState()
    if (phase === 'joined' && room !== null && selfId !== null) {
      if (this.#place.enter(room, selfId)) this.#peers.handleNewPlace()
      this.#relay?.setTicket(paths.relay?.ticket ?? null)
      this.#enterChat()
      this.#peers.sync(members)
      this.#startWorkersSoon()
      if (this.#role === 'member') this.#members.start()
      void this.#kept?.enter(room)
    } else if (errorCode === 'SHOAL_REMOVED') {
      // The others have closed what they had open to us: nothing of ours goes to them either.
      this.#peers.close()
      this.#members.stop()
    } else {
      // While the socket is away the list is old news; open lanes go on.
      this.#peers.pause()
    }
    this.#update()
  }

  #update(): void {
    const { phase, errorCode, room, selfName, title, owner, addresses } = this.#signalling.getState()
    const { chat } = this
    const before = this.#store.getState()
    const members =
      this.#role === 'member' ? this.#members.views(chat ? (id) => chat.identityOf(id) : undefined) : []
    const state: RoomState = {
      ...before,
      phase,
      errorCode: errorCode ?? this.#pathError(),
      code: room,
      secret: this.#place.linkSecret(room),
      selfName: selfName ?? this.#askedName,
      addresses,
      peers: keepUnchanged(before.peers, this.#peers.views),
      members: keepUnchanged(before.members, members),
      owner,
      title,
      verifiedOnly: this.#verifiedOnly,
      ...(chat && { chat: chat.state, selfIdentity: chat.identity }),
      transfers: this.#transfers.views,
    }
    // Most packets change nothing of it: then nobody is told, and nothing is drawn.
    if (!shallow(state, before)) this.#store.setState(state)
  }

  /** What pictures need, and the way to a peer does not: the processor is for that first, where there is a peer. */
  #startWorkers(): void {
    this.#digest.start()
    this.#code.start()
  }

  #startWorkersSoon(): void {
    const { views } = this.#peers
    if (views.length === 0 || views.some(({ link }) => link === 'open')) this.#startWorkers()
    else if (!this.#workersAreDue) {
      this.#workersAreDue = true
      this.#clock.schedule(WORKERS_AFTER_MS, () => this.#startWorkers())
    }
  }

  #handlePeers(): void {
    this.#startWorkersSoon()
    // It tells of its own changes by `#update`, and of none by way of this.
    if (this.chat) this.chat.handleMembers()
    else this.#update()
  }

  /**
   * In a room for verified members only, others are given nothing and nothing is taken from them; the lab takes no
   * pictures.
   */
  #admits(peerId: string): boolean {
    if (this.#purpose === 'lab') return false
    if (this.chat) return this.chat.admits(peerId)
    return !this.#verifiedOnly || this.#peers.keysOf(peerId)?.verified === true
  }

  #enterChat(): void {
    const { room, title, selfName } = this.#signalling.getState()
    if (room === null) return
    this.chat?.enter({
      ...{ code: room, title, verifiedOnly: this.#verifiedOnly },
      secret: this.#place.linkSecret(room),
      selfName: selfName ?? this.#askedName,
    })
  }

  #createChat(kit: MemberKit, rooms: MyRooms): MemberChat {
    return kit.createChat(rooms, {
      ...{ clock: this.#clock, randomBytes, peers: this.#peers, transfers: this.#transfers },
      onGroupText: (peerId, text) => void this.#broadcasts?.handleText(peerId, parseJson(text)),
      remove: (peerId) => void this.#signalling.remove(peerId),
      onChange: () => this.#update(),
    })
  }

  /** A picture for many goes up once through the relay; where there is none, to each by its own lanes. */
  #createBroadcasts(kit: MemberKit): Broadcasts | null {
    const relay = this.#relay
    if (!relay) return null
    return kit.createBroadcasts({
      ...{ clock: this.#clock, randomBytes },
      port: (groups) => relay.groupPort(groups),
      sendText: (peerId, text) => void this.#peers.sendText(peerId, channelText('group', text)),
      onMessage: (peerId, message) => {
        if (this.#admits(peerId)) this.#transfers.handleMessage(peerId, message)
      },
      place: () => this.#place.current,
    })
  }

  /** Why the other side cannot be reached, where that is for the server's relay. */
  #pathError(): ErrorCode | null {
    const { phase, paths } = this.#signalling.getState()
    if (phase !== 'joined' || this.#peers.views.every((peer) => peer.link === 'open')) return null
    if (this.#choice.relay === 'only' && paths.relay === null) return 'SHOAL_RELAY_OFF'
    return this.#relay?.errorCode === 'SHOAL_RELAY_USED_UP' ? 'SHOAL_RELAY_USED_UP' : null
  }

  #hasWebRtc(): boolean {
    if (this.#choice.relay === 'only' || typeof RTCPeerConnection !== 'undefined') return true
    this.#store.setState({ phase: 'failed', errorCode: 'SHOAL_NO_WEBRTC' })
    return false
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
