import { describe, expect, it } from 'vitest'

import type { ChatPicture } from '@/lib/chat/types'
import { countedBytes } from '@/lib/keys/fixtures'
import type { OutgoingPicture, TransferView } from '@/lib/transfer/types'

import type { HistoryPort } from './kept-history'
import { MemberChat } from './room-chat'
import { MemoryIdentityStore } from './identity-store'
import { channelText } from './member-texts'
import { FakeChat } from './testing/fake-chat'
import type { Page } from './testing/malicious-server'
import { Room } from './testing/malicious-server'

const SECRET = new Uint8Array(16).fill(7)
const CODE = 'K7QM3-XTR9B'
const SHA = 'c'.repeat(64)
const PICTURE: ChatPicture = {
  ...{ sha256: SHA, name: 'sea.jpg', type: 'image/jpeg', bytes: 10, width: 2, height: 1, placeholder: '' },
}
const FILE: OutgoingPicture = {
  ...{ file: new Blob(['picture']), name: 'sea.jpg', type: 'image/jpeg', width: 2, height: 1, channels: 3 },
}

class MemoryHistory implements HistoryPort {
  readonly log: string[] = []
  kept: string[] = []
  keeps = false
  readonly entries = {
    load: () => Promise.resolve(this.kept),
    append: (_room: string, entries: readonly { id: string }[]) => {
      this.log.push(...entries.map(({ id }) => `append ${id}`))
      return Promise.resolve()
    },
    replace: (_room: string, id: string) => {
      this.log.push(`replace ${id}`)
      return Promise.resolve()
    },
    forget: () => Promise.resolve(),
  }

  keepsHistory(): Promise<boolean> {
    return Promise.resolve(this.keeps)
  }

  keepHistory(_code: string, keep: boolean): Promise<void> {
    this.log.push(`keep ${keep}`)
    return Promise.resolve()
  }
}

interface Member {
  readonly page: Page
  readonly chat: MemberChat
  readonly core: FakeChat
  readonly history: MemoryHistory
  readonly sent: string[]
  held: OutgoingPicture | null
  readonly groupTexts: string[]
}

/** Members over the honest server; each proves its device by its own key. */
async function meet(ids: readonly string[], options: { verifiedOnly?: boolean; without?: string } = {}) {
  const room = new Room(CODE)
  const members: Member[] = []
  for (const [index, id] of ids.entries()) {
    const page = room.join('member', id === options.without ? null : SECRET, { id })
    const history = new MemoryHistory()
    const sent: string[] = []
    const groupTexts: string[] = []
    const made: FakeChat[] = []
    const chat: MemberChat = new MemberChat({
      clock: room.clock,
      randomBytes: countedBytes(40 + 50 * index),
      peers: page.peers,
      transfers: {
        views: [] as TransferView[],
        held: () => member.held,
        send: (peers) => {
          sent.push(...peers.map((peer) => peer.id))
          return []
        },
      },
      identities: new MemoryIdentityStore(),
      history,
      createCore: (coreOptions) => {
        const core = new FakeChat(coreOptions)
        made.push(core)
        return core
      },
      onGroupText: (from, text) => void groupTexts.push(`${from}: ${text}`),
      remove: () => undefined,
      onChange: () => undefined,
    })
    chat.enter({
      ...{ code: CODE, title: null, secret: null, selfName: id.toUpperCase() },
      verifiedOnly: options.verifiedOnly === true,
    })
    page.onText = (from, text) => chat.handleText(from, text)
    page.onGone = (peer) => chat.handleGone(peer)
    page.onChange = () => chat.handleMembers()
    // The device's key comes from a database.
    await new Promise<void>((resolve) => setImmediate(resolve))
    const [core] = made
    if (!core) throw new Error('no log was made')
    const member: Member = { page, chat, core, history, sent, groupTexts, held: null }
    members.push(member)
  }
  room.settle()
  room.run(2000)
  const [anna, ben, cleo] = members
  if (!anna || !ben || !cleo) throw new Error('three were asked for')
  return { room, anna, ben, cleo }
}

const IDS = ['anna', 'ben', 'cleo']

describe('members of a room', () => {
  it('[KY17] know each other’s devices, and see the same words', async () => {
    const { anna, ben, cleo } = await meet(IDS)
    expect(anna.chat.identityOf('ben').identity).toBe(ben.chat.identity)
    expect(ben.chat.identityOf('anna').safety?.words).toEqual(anna.chat.identityOf('ben').safety?.words)
    expect(anna.chat.identityOf('ben').safety).toMatchObject({
      byLink: true,
      compared: false,
      changed: false,
    })
    expect(new Set([anna, ben, cleo].map(({ chat }) => chat.identity)).size).toBe(3)
  })

  it('are known to the log once they have proved who they are, and no longer when they are gone', async () => {
    const { anna, ben, cleo } = await meet(IDS)
    expect([...anna.core.peers]).toEqual([
      ['ben', ben.chat.identity],
      ['cleo', cleo.chat.identity],
    ])
    anna.page.peers.remove('ben')
    expect([...anna.core.peers.keys()]).toEqual(['cleo'])
  })

  it('hear what is for them', async () => {
    const { anna, ben, cleo } = await meet(IDS)
    anna.chat.sendText({ text: 'to all' })
    anna.chat.sendText({ text: 'to ben', to: ben.chat.identity ?? '' })
    expect([ben.core.heard, cleo.core.heard]).toEqual([['anna: to all', 'anna: to ben'], ['anna: to all']])
  })

  it('[KY22] are verified once their words were compared, and told apart when they come with another key', async () => {
    const { anna } = await meet(IDS, { without: 'ben' })
    expect(anna.chat.identityOf('ben').safety).toMatchObject({ byLink: false, compared: false })
    anna.chat.compare('ben', true)
    expect(anna.chat.identityOf('ben').safety).toMatchObject({ compared: true })
    const before = anna.chat.identityOf('ben').safety?.words
    anna.chat.compare('ben', false)
    expect(anna.chat.identityOf('ben').safety).toMatchObject({ compared: false })
    expect(anna.chat.identityOf('ben').safety?.words).not.toEqual(before)
  })
})

describe('a room for verified members only', () => {
  it('gives nothing to one that is not, takes nothing from it, and both after its words were compared', async () => {
    const { anna, ben, cleo } = await meet(IDS, { without: 'ben', verifiedOnly: true })
    expect([...anna.core.peers.keys()]).toEqual(['cleo'])
    anna.chat.sendText({ text: 'secret' })
    anna.chat.handleText('ben', channelText('chat', 'from outside'))
    anna.chat.handleText('ben', channelText('group', '{}'))
    expect([ben.core.heard, cleo.core.heard]).toEqual([[], ['anna: secret']])
    expect([anna.core.heard, anna.groupTexts]).toEqual([[], []])
    expect([anna.chat.admits('ben'), anna.chat.admits('cleo')]).toEqual([false, true])

    anna.chat.compare('ben', true)
    anna.chat.sendText({ text: 'welcome' })
    expect(anna.chat.admits('ben')).toBe(true)
    expect([...anna.core.peers.keys()].sort()).toEqual(['ben', 'cleo'])
    // It has not compared yet itself.
    expect(ben.core.heard).toEqual([])
    ben.chat.compare('anna', true)
    anna.chat.sendText({ text: 'again' })
    expect(ben.core.heard).toEqual(['anna: again'])
  })
})

describe('a member that floods', () => {
  it('is heard no faster than anyone may talk; the rest is counted, and the others are heard', async () => {
    const { room, anna } = await meet(IDS)
    for (let i = 0; i < 10_000; i++) anna.chat.handleText('ben', channelText('chat', `spam ${i}`))
    expect(anna.core.heard.length).toBeLessThanOrEqual(1000)
    expect(anna.chat.droppedFrom('ben')).toBe(10_000 - anna.core.heard.length)
    anna.chat.handleText('cleo', channelText('chat', 'still here'))
    expect(anna.core.heard.at(-1)).toBe('cleo: still here')
    room.clock.advance(1000)
    const before = anna.core.heard.length
    for (let i = 0; i < 10_000; i++) anna.chat.handleText('ben', channelText('chat', `spam ${i}`))
    expect(anna.core.heard.length - before).toBeLessThanOrEqual(101)
  })

  it('or says nothing that is known is not listened to, and nothing throws', async () => {
    const { anna } = await meet(IDS)
    for (const text of ['', 'x', '\u0000', 's{', 'p{', 'p[]', 'g', 'cnonsense', 's'.repeat(16_384)]) {
      expect(() => anna.chat.handleText('ben', text)).not.toThrow()
    }
    expect(anna.core.heard).toEqual(['ben: nonsense'])
    expect(anna.chat.droppedFrom('ben')).toBe(3)
    expect(() => anna.chat.handleText('nobody', channelText('chat', 'hello'))).not.toThrow()
    expect(anna.core.heard).toHaveLength(1)
  })
})

describe('a picture that did not come', () => {
  const show = (member: Member, author: Member, to: Member | null = null) =>
    member.core.show({
      ...{ id: 'm1', author: author.chat.identity ?? '', to: to?.chat.identity ?? null },
      body: { type: 'picture', picture: PICTURE },
    })

  it('is asked for at its author', async () => {
    const { anna, ben, cleo } = await meet(IDS)
    for (const member of [anna, ben, cleo]) show(member, cleo)
    cleo.held = FILE
    anna.chat.fetchPicture('m1')
    expect([ben.sent, cleo.sent]).toEqual([[], ['anna']])
  })

  it('is asked for at the next one when the author has it no longer', async () => {
    const { anna, ben, cleo } = await meet(IDS)
    for (const member of [anna, ben, cleo]) show(member, cleo)
    ben.held = FILE
    anna.chat.fetchPicture('m1')
    expect([ben.sent, cleo.sent]).toEqual([['anna'], []])
  })

  it('is asked for at the next one when the author says nothing', async () => {
    const { room, anna, ben, cleo } = await meet(IDS)
    for (const member of [anna, ben, cleo]) show(member, cleo)
    ben.held = FILE
    cleo.page.onText = () => undefined
    anna.chat.fetchPicture('m1')
    expect(ben.sent).toEqual([])
    room.run(5000)
    expect(ben.sent).toEqual(['anna'])
  })

  it('is given to nobody who must not see it, or when it is in no message', async () => {
    const { anna, ben, cleo } = await meet(IDS)
    ben.held = FILE
    const want = channelText('picture', JSON.stringify({ type: 'want', sha256: SHA }))
    ben.chat.handleText('anna', want)
    show(ben, cleo, ben)
    ben.chat.handleText('anna', want)
    expect(ben.sent).toEqual([])
    ben.chat.handleText('cleo', want)
    expect(ben.sent).toEqual(['cleo'])
    show(anna, cleo, anna)
    anna.chat.fetchPicture('m1')
    expect(ben.sent).toEqual(['cleo'])
  })
})

describe('what is kept of a room', () => {
  it('is everything from the choice on, deletions in place of what they delete, and nothing after it is taken back', async () => {
    const { anna } = await meet(IDS)
    anna.chat.sendText({ text: 'before' })
    anna.chat.keepHistory(true)
    await Promise.resolve()
    await Promise.resolve()
    anna.chat.sendText({ text: 'after' })
    anna.chat.deleteForAll('after')
    anna.chat.keepHistory(false)
    anna.chat.sendText({ text: 'later' })
    expect(anna.history.log).toEqual([
      'keep true',
      'append all',
      'append after',
      'replace after',
      'keep false',
    ])
    expect(anna.chat.state.keptHere).toBe(false)
  })

  it('is one document', async () => {
    const { anna } = await meet(IDS)
    anna.core.show({ body: { type: 'text', text: 'hello' } })
    expect(JSON.parse(anna.chat.exportHistory())).toMatchObject({
      format: 'shoal-room',
      room: { code: CODE },
      messages: [{ text: 'hello' }],
    })
  })
})

it('outside a room nothing can be said', async () => {
  const { anna } = await meet(IDS)
  anna.chat.enter(null)
  expect(anna.chat.sendText({ text: 'hello' })).toBe('SHOAL_NOT_IN_ROOM')
  expect(anna.chat.state.messages).toEqual([])
})
