import { z } from 'zod'

import { fromBase64Url, toBase64Url } from '@/lib/keys/base64url'
import { GroupCipher, newGroupKey, readGroupId } from '@/lib/keys/group-cipher'
import type { RandomBytes } from '@/lib/keys/secret'
import type { Clock } from '@/lib/peer/clock'
import type { Broadcast } from '@/lib/transfer/fan-out'

import type { GroupPort, RelayGroups } from './relay-access'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

/** Groups of others that this page listens to; a peer that opens more loses its oldest. */
const GROUPS_PER_PEER_MAX = 4
/** Nothing came for so long: its sender is through, or gone. */
const IDLE_MS = 30_000
/** A text may be lost with a lane; the key is told again until the peer has said that it is there. */
const TELL_EVERY_MS = 500
/** Beyond this the peer gets the picture otherwise. */
const TELLS_MAX = 8

const textSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('group'),
    id: z.string().regex(/^[0-9a-f]{16}$/),
    key: z.string().regex(/^[\w-]{43}$/),
  }),
  z.object({ type: z.literal('group-ready'), id: z.string().regex(/^[0-9a-f]{16}$/) }),
])

export interface BroadcastsOptions {
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly port: (groups: RelayGroups) => GroupPort
  /** Over the peer's own sealed way; may be lost. */
  readonly sendText: (peerId: string, text: string) => void
  /** What a member sent to everyone, opened. */
  readonly onMessage: (peerId: string, message: Uint8Array) => void
  /** Null outside a room. */
  readonly place: () => { readonly room: string; readonly selfId: string } | null
}

interface Heard {
  readonly peerId: string
  readonly id: string
  readonly cipher: GroupCipher
  heardAtMs: number
  told: boolean
}

/** What goes through the relay to many members at once: each group has a key of its own, told to each of its members. */
export class Broadcasts implements RelayGroups {
  readonly #options: BroadcastsOptions
  readonly #port: GroupPort
  /** By group id. */
  readonly #own = new Map<string, { readonly ready: Set<string> }>()
  /** By peer and group id, oldest first. */
  readonly #heard = new Map<string, Heard>()
  #cancelTidy: (() => void) | null = null
  /** Packets of groups that we are in which did not open. */
  refused = 0

  constructor(options: BroadcastsOptions) {
    this.#options = options
    this.#port = options.port(this)
  }

  /** A way to these peers; each is told the key. Null outside a room. */
  open(peerIds: readonly string[]): Broadcast | null {
    const { place, randomBytes, sendText, clock } = this.#options
    const here = place()
    if (!here) return null
    const { groupId, key } = newGroupKey(randomBytes)
    const cipher = new GroupCipher({ groupId, key, room: here.room, author: here.selfId })
    const text = JSON.stringify({ type: 'group', id: groupId, key: toBase64Url(key) })
    const ready = new Set<string>()
    let cancelTell: (() => void) | null = null
    let tells = 0
    const tell = () => {
      for (const peerId of peerIds) if (!ready.has(peerId)) sendText(peerId, text)
      if (++tells < TELLS_MAX && ready.size < peerIds.length) cancelTell = clock.schedule(TELL_EVERY_MS, tell)
    }
    this.#own.set(groupId, { ready })
    this.#settle()
    tell()
    const port = this.#port
    return {
      get bufferedAmount() {
        return port.bufferedAmount
      },
      isReady: (peerId) => ready.has(peerId) && port.isHere(peerId),
      isBusy: (peerId) => port.isBusy(peerId),
      send: (message) => port.sendToAll(cipher.seal(message)),
      close: () => {
        cancelTell?.()
        this.#own.delete(groupId)
        this.#settle()
      },
    }
  }

  /** False for a text that is none of ours. */
  handleText(peerId: string, json: unknown): boolean {
    const result = textSchema.safeParse(json)
    if (!result.success) return false
    const message = result.data
    if (message.type === 'group') this.#join(peerId, message.id, message.key)
    else this.#own.get(message.id)?.ready.add(peerId)
    return true
  }

  handlePacket(from: string, packet: Uint8Array): boolean {
    const id = readGroupId(packet)
    if (id === null) return false
    const group = this.#heard.get(nameOf(from, id))
    const message = group?.cipher.open(packet) ?? null
    if (group && message) {
      group.heardAtMs = this.#options.clock.now()
      this.#options.onMessage(from, message)
    } else if (group) this.refused++
    return true
  }

  handleChange(): void {
    for (const group of this.#heard.values()) this.#sayReady(group)
  }

  handlePeerGone(peerId: string): void {
    for (const [name, group] of this.#heard) if (group.peerId === peerId) this.#heard.delete(name)
    this.#settle()
  }

  close(): void {
    this.#cancelTidy?.()
    this.#own.clear()
    this.#heard.clear()
    this.#port.want(false)
  }

  #join(peerId: string, id: string, keyText: string): void {
    const place = this.#options.place()
    const key = fromBase64Url(keyText)
    if (!place || key?.length !== 32) return
    const name = nameOf(peerId, id)
    const known = this.#heard.get(name)
    if (known) {
      // It asks again: our answer was lost. A second key for a group that is there is nothing we take.
      known.told = false
    } else {
      const cipher = new GroupCipher({ groupId: id, key, room: place.room, author: peerId })
      const heardAtMs = this.#options.clock.now()
      this.#heard.set(name, { peerId, id, cipher, heardAtMs, told: false })
      const ofPeer = [...this.#heard].filter(([, group]) => group.peerId === peerId)
      for (const [oldest] of ofPeer.slice(0, -GROUPS_PER_PEER_MAX)) this.#heard.delete(oldest)
    }
    this.#settle()
    this.handleChange()
  }

  #sayReady(group: Heard): void {
    if (group.told || !this.#port.isEntered) return
    group.told = true
    this.#options.sendText(group.peerId, JSON.stringify({ type: 'group-ready', id: group.id }))
  }

  /** The page's socket is there for as long as any group is. */
  #settle(): void {
    this.#port.want(this.#own.size + this.#heard.size > 0)
    if (this.#heard.size > 0) this.#cancelTidy ??= this.#options.clock.schedule(IDLE_MS, () => this.#tidy())
  }

  #tidy(): void {
    this.#cancelTidy = null
    const now = this.#options.clock.now()
    for (const [name, { heardAtMs }] of this.#heard) {
      if (now - heardAtMs >= IDLE_MS) this.#heard.delete(name)
    }
    this.#settle()
  }
}

function nameOf(peerId: string, groupId: string): string {
  return `${peerId}:${groupId}`
}
