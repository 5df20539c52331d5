import type { ChatDropped } from '@/lib/chat/replica'
import { countedBytes } from '@/lib/keys/fixtures'
import type { Clock } from '@/lib/peer/clock'

import type { ChatCore } from '../chat-core'
import { createChatReplica } from '../chat-replica'
import { type IdentityStore, MemoryIdentityStore } from '../identity-store'
import type { HistoryPort } from '../kept-history'
import { MemberChat } from '../room-chat'
import { RoomMembers } from '../room-members'
import type { MemberView } from '../types'
import { type CountedRelay, MaliciousRelay } from './malicious-relay'
import { type Page, Room } from './malicious-server'

export const CODE = 'K7QM3-XTR9B'
export const SECRET = new Uint8Array(16).fill(7)
/** Long enough for what was lost to be told again several times. */
export const LONG_MS = 60_000

const STEP_MS = 250

const NO_HISTORY: HistoryPort = {
  entries: {
    load: () => Promise.resolve([]),
    append: () => Promise.resolve(),
    replace: () => Promise.resolve(),
    forget: () => Promise.resolve(),
  },
  keepsHistory: () => Promise.resolve(false),
  keepHistory: () => Promise.resolve(),
}

export interface JoinOptions {
  /** Null: by the typed code. */
  readonly secret?: Uint8Array | null
  readonly verifiedOnly?: boolean
  /** Its place in the room, where that is not of its name. */
  readonly id?: string
  readonly instance?: string
  readonly identities?: IdentityStore
}

/** One member's page with the real chat, log, words and list of members. */
export interface Member {
  readonly id: string
  readonly name: string
  readonly page: Page
  readonly relay: CountedRelay | null
  readonly chat: MemberChat
  /** Everything that it has said to others, as `to text`. */
  readonly said: string[]
  /** What it says instead of a text. */
  say: (to: string, text: string) => readonly string[]
  readonly dropped: ChatDropped
  readonly views: readonly MemberView[]
  viewOf(other: Member): MemberView | undefined
  write(text: string, to?: Member): void
}

/** Test data: a room of members whose server may meddle with signals (`room`), with the relay, and with who is there. */
export class Company {
  readonly room = new Room(CODE)
  /** Null: everything goes over direct lanes. */
  readonly relay: MaliciousRelay | null
  readonly members: Member[] = []
  readonly #seed: number
  /** As the server has it. */
  ownerId: string | null = null

  constructor({ relayed = false, seed = 40 }: { relayed?: boolean; seed?: number } = {}) {
    this.relay = relayed ? new MaliciousRelay() : null
    this.#seed = seed
  }

  get clock(): Clock {
    return this.room.clock
  }

  async join(name: string, options: JoinOptions = {}): Promise<Member> {
    const { id = idOf(name), secret = SECRET, verifiedOnly = false, instance } = options
    const { identities = new MemoryIdentityStore() } = options
    const relay = this.relay?.accessOf(id, this.clock) ?? null
    const page = this.room.join('member', secret, {
      id,
      ...(instance && { instance }),
      ...(relay && { relay }),
    })
    const said: string[] = []
    let core: (ChatCore & { readonly dropped: ChatDropped }) | null = null
    const chat: MemberChat = new MemberChat({
      clock: this.clock,
      randomBytes: countedBytes(this.#seed + 50 * this.members.length),
      peers: {
        get views() {
          return page.peers.views
        },
        memberOf: (peerId) => page.peers.memberOf(peerId),
        keysOf: (peerId) => page.peers.keysOf(peerId),
        endWith: (peerId) => page.peers.endWith(peerId),
        sendText: (to, text) =>
          member.say(to, text).every((each) => {
            said.push(`${to} ${each}`)
            return page.peers.sendText(to, each)
          }),
      },
      transfers: { views: [], held: () => null, send: () => [] },
      identities,
      history: NO_HISTORY,
      createCore: (coreOptions) => (core = createChatReplica(coreOptions)),
      onGroupText: () => undefined,
      remove: (peerId) => this.remove(id, peerId),
      onChange: () => undefined,
    })
    const list = new RoomMembers({
      clock: this.clock,
      peers: page.peers,
      transfers: { views: [], pathTo: () => null },
      isVisible: () => true,
      onChange: () => undefined,
    })
    const member: Member = {
      ...{ id, name, page, relay, chat, said },
      say: (_to, text) => [text],
      get dropped() {
        if (!core) throw new Error('no log was made')
        return core.dropped
      },
      get views() {
        return list.views((peerId) => chat.identityOf(peerId))
      },
      viewOf: (other) => member.views.find((view) => view.id === other.id),
      write: (text, to) => {
        const problem = chat.sendText({ text, ...(to && { to: deviceOf(to) }) })
        if (problem) throw new Error(problem)
      },
    }
    this.members.push(member)
    chat.enter({ code: CODE, title: null, secret: null, selfName: name, verifiedOnly })
    page.onText = (from, text) => chat.handleText(from, text)
    page.onGone = (peer) => chat.handleGone(peer)
    page.onChange = () => chat.handleMembers()
    // The device's key comes from a database.
    await new Promise<void>((resolve) => setImmediate(resolve))
    return member
  }

  /** Passes on everything that the server has, and what is said upon it. */
  settle(): void {
    do this.room.settle()
    while (this.relay?.settle() === true)
  }

  run(ms = 3000): void {
    for (let at = 0; at < ms; at += STEP_MS) {
      this.settle()
      this.room.clock.advance(STEP_MS)
    }
    this.settle()
  }

  /** Each writes so many texts in turn, named by who wrote it and when. */
  talk(rounds: number, about: string, who: readonly Member[] = this.members): string[] {
    const written: string[] = []
    for (let round = 0; round < rounds; round++) {
      for (const member of who) {
        const text = `${member.name} ${about} ${round}`
        member.write(text)
        written.push(text)
        this.run(STEP_MS)
      }
    }
    return written
  }

  /** What an honest server tells all others when a member asks it to take one out: only the owner may. */
  remove(byId: string, id: string): void {
    if (byId !== this.ownerId) return
    for (const { page } of this.members) if (page.member.id !== id) page.peers.remove(id)
  }

  /** What a page shows, in its order: by the device of whom, and the text. */
  shown(member: Member): [name: string, text: string][] {
    return member.chat.state.messages.map(({ author, body }) => {
      const by = this.members.find(({ chat }) => chat.identity === author)?.name ?? 'nobody'
      return [by, body.type === 'text' ? body.text : body.type]
    })
  }

  /** The same by whose device said it. */
  heard(member: Member): Record<string, string[]> {
    return grouped(this.shown(member))
  }
}

/** Texts by whom they name first: what every page should show, if it is for everyone. */
export function byAuthor(written: readonly string[]): Record<string, string[]> {
  return grouped(written.map((text) => [text.split(' ')[0] ?? '', text]))
}

export async function meetThree(options: { relayed?: boolean } & JoinOptions = {}) {
  const company = new Company(options)
  const anna = await company.join('ANNA', options)
  const ben = await company.join('BEN', options)
  const cleo = await company.join('CLEO', options)
  company.run()
  return { company, anna, ben, cleo, members: [anna, ben, cleo] as const }
}

function grouped(said: readonly (readonly [name: string, text: string])[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {}
  for (const [name, text] of said) (groups[name] ??= []).push(text)
  return groups
}

/** As the server names members; a frame of the relay has no room for others. */
export function idOf(name: string): string {
  return Array.from(name, (symbol) => symbol.charCodeAt(0).toString(16))
    .join('')
    .padEnd(16, '0')
}

export function deviceOf(member: Member): string {
  const { identity } = member.chat
  if (identity === null) throw new Error(`${member.name} has no device`)
  return identity
}
