import { describe, expect, it } from 'vitest'

import { parseServerMessage, type Member as Listed } from '@/lib/signalling/messages'
import { RoomTraffic } from '@/lib/signalling/room-traffic'

import { channelText } from './member-texts'
import { byAuthor, type Company, deviceOf, LONG_MS, type Member, meetThree } from './testing/company'

type Three = Awaited<ReturnType<typeof meetThree>>

const GHOST: Listed = {
  ...{ id: '00000000000000ff', name: 'GHOST', role: 'member', away: false, instance: 'ghost' },
}

/** Tells one member who else is there. */
function list(to: Member, others: readonly Listed[]): void {
  to.page.sync(others)
}

const listed = ({ page }: Member, changes: Partial<Listed> = {}): Listed => ({ ...page.member, ...changes })

/** Brings what one member says to a place to another one, and the answers back, as from that place. */
function reroute(
  company: Company,
  { id: self }: Member,
  routes: readonly (readonly [string, string])[],
): void {
  company.room.meddle = (signal) => {
    const there = routes.find(([place]) => signal.from === self && signal.to === place)
    const back = routes.find(([, real]) => signal.to === self && signal.from === real)
    return [{ ...signal, ...(there && { to: there[1] }), ...(back && { from: back[0] }) }]
  }
}

/** What the server tells Anna, and what her page shows of it. */
const LIES: [title: string, lie: (three: Three) => void, shows: (three: Three) => void][] = [
  [
    'tells the truth',
    ({ company }) => company.room.announce(),
    ({ anna }) => expect(anna.views).toHaveLength(2),
  ],
  [
    'invents a member',
    ({ anna, ben, cleo }) => list(anna, [listed(ben), listed(cleo), GHOST]),
    ({ anna }) =>
      expect(anna.views.find(({ id }) => id === GHOST.id)).toMatchObject({ identity: null, verified: null }),
  ],
  [
    'says that one has left',
    ({ anna, cleo }) => list(anna, [listed(cleo)]),
    ({ anna, ben }) => expect(anna.viewOf(ben)).toMatchObject({ link: 'open', verified: true }),
  ],
  [
    'says that one has closed its page',
    ({ anna, ben, cleo }) => list(anna, [listed(ben, { away: true, closed: true }), listed(cleo)]),
    ({ anna, ben }) => expect(anna.viewOf(ben)?.link).toBe('lost'),
  ],
  [
    'says that one has loaded its page anew',
    ({ anna, ben, cleo }) => list(anna, [listed(ben, { instance: 'again' }), listed(cleo)]),
    ({ anna, ben }) => expect(anna.viewOf(ben)).toMatchObject({ identity: null, verified: null }),
  ],
  [
    'lists one a second time',
    ({ company, anna, ben, cleo }) => {
      reroute(company, anna, [[GHOST.id, ben.id]])
      list(anna, [listed(ben), listed(cleo), listed(ben, { id: GHOST.id })])
    },
    ({ anna, ben }) => {
      expect(anna.views.find(({ id }) => id === GHOST.id)).toMatchObject({ identity: null, verified: null })
      expect(ben.page.keys(anna.id).droppedTotal).toBeGreaterThan(0)
    },
  ],
  [
    'gives two the name of each other',
    ({ anna, ben, cleo }) => list(anna, [listed(ben, { name: 'CLEO' }), listed(cleo, { name: 'BEN' })]),
    ({ anna, ben }) => expect(anna.viewOf(ben)).toMatchObject({ name: 'CLEO', identity: ben.chat.identity }),
  ],
  [
    'gives two the place of each other',
    ({ company, anna, ben, cleo }) => {
      reroute(company, anna, [
        [ben.id, cleo.id],
        [cleo.id, ben.id],
      ])
      const { instance } = ben.page.member
      list(anna, [listed(ben, { instance: cleo.page.member.instance }), listed(cleo, { instance })])
    },
    ({ anna, ben }) => expect(anna.viewOf(ben)).toMatchObject({ identity: null, verified: null }),
  ],
]

describe('a server that says who is there', () => {
  it.each(LIES)('[KY3] and %s has nothing said in the name of another', async (_title, lie, shows) => {
    const three = await meetThree()
    const { company, members } = three
    const written = company.talk(2, 'before')
    lie(three)
    written.push(...company.talk(3, 'meanwhile'))
    company.run(LONG_MS)
    shows(three)
    for (const member of members) {
      const expected = byAuthor(written)
      for (const [name, texts] of Object.entries(company.heard(member)))
        expect(texts).toEqual(expected[name]?.slice(0, texts.length))
    }
    company.room.meddle = (signal) => [signal]
    company.room.announce()
    written.push(...company.talk(2, 'after'))
    company.run(LONG_MS)
    for (const member of members) {
      expect(company.heard(member)).toEqual(byAuthor(written))
      for (const { authorName, body } of member.chat.state.messages)
        expect(body).toMatchObject({ text: expect.stringMatching(`^${authorName} `) as string })
    }
  })

  it('[KY22] and puts a page of its own in the place of one is found out by who compared, and given no private word', async () => {
    const { company, anna, ben, cleo } = await meetThree()
    anna.chat.compare(ben.id, true)
    expect(anna.viewOf(ben)?.safety).toMatchObject({ compared: true, changed: false })
    const mallory = await company.join('MALLORY', { id: ben.id, instance: 'evil', secret: null })
    company.run()
    expect(anna.viewOf(ben)).toMatchObject({
      ...{ name: ben.page.member.name, identity: deviceOf(mallory), verified: false },
      safety: { byLink: false, compared: false, changed: true },
    })
    anna.write('ANNA to Ben', ben)
    mallory.write('MALLORY speaks')
    company.run(LONG_MS)
    expect(company.heard(mallory)).toEqual({ MALLORY: ['MALLORY speaks'] })
    expect([...anna.said, ...cleo.said].join()).not.toContain('to Ben')
    for (const member of [anna, cleo]) expect(company.heard(member)['MALLORY']).toEqual(['MALLORY speaks'])
    expect(company.heard(anna)['BEN']).toBeUndefined()
  })

  it('[KY10] and has a page of its own come to a room for verified members reads and writes nothing there', async () => {
    const { company, members } = await meetThree({ verifiedOnly: true })
    const ghost = await company.join('GHOST', { secret: null })
    const dora = await company.join('DORA', { verifiedOnly: true })
    company.run()
    const written = company.talk(3, 'says', [...members, dora])
    for (const member of members) member.write(`${member.name} for you alone`, ghost)
    ghost.write('GHOST says')
    for (const member of members) ghost.write('GHOST for you alone', member)
    company.run(LONG_MS)
    for (const member of [...members, dora]) {
      expect(member.viewOf(ghost)).toMatchObject({ link: 'open', verified: false })
      const { [member.name]: own, ...others } = company.heard(member)
      expect({ ...others, [member.name]: own?.filter((text) => !text.endsWith('alone')) }).toEqual(
        byAuthor(written),
      )
      const toGhost = member.said.filter((line) => line.startsWith(ghost.id))
      expect(toGhost.every((line) => line.startsWith(`${ghost.id} s`))).toBe(true)
    }
    expect(Object.keys(company.heard(ghost))).toEqual(['GHOST'])
  })
})

/** What the server says to Anna's page goes through what reads it there. */
function serverOf({ anna, ben, cleo }: Three): (message: object) => void {
  const traffic = new RoomTraffic({
    clock: { now: () => 0, schedule: () => () => undefined },
    send: () => undefined,
    onMembers: (members) => anna.page.sync(members),
  })
  traffic.onRemoved((id) => anna.page.peers.remove(id))
  const members = [ben, cleo].map((member) => listed(member))
  const joined = { type: 'joined', room: 'K7QM3-XTR9B', selfId: anna.id, name: 'ANNA', token: 't', members }
  const { data } = parseServerMessage(JSON.stringify(joined))
  if (data?.type !== 'joined') throw new Error('the list was not read')
  anna.page.sync(traffic.enter(data))
  return (message) => {
    const news = parseServerMessage(JSON.stringify(message)).data
    if (news?.type !== 'member-left' && news?.type !== 'member-joined')
      throw new Error('the news was not read')
    traffic.handleNews(news)
  }
}

describe('the removal of a member', () => {
  it('[CH6] by the server alone cuts a way, and takes away no word that was written or is', async () => {
    const three = await meetThree()
    const { company, anna, ben, members } = three
    const tell = serverOf(three)
    const written = company.talk(2, 'before')
    tell({ type: 'member-left', id: ben.id })
    expect(anna.viewOf(ben)?.link).toBe('open')
    tell({ type: 'member-joined', member: listed(ben) })
    tell({ type: 'member-left', id: ben.id, removed: true })
    expect(anna.viewOf(ben)).toBeUndefined()
    written.push(...company.talk(3, 'after'))
    company.run(LONG_MS)
    // Cleo, who was told nothing, passes on what the two say.
    for (const member of members) expect(company.heard(member)).toEqual(byAuthor(written))
    expect(anna.chat.state.messages.every(({ deleted }) => !deleted)).toBe(true)
  })

  it('[CH5] is nothing that a member can say, also one that the server lists as the owner', async () => {
    const { company, anna, ben, cleo, members } = await meetThree()
    company.room.announce((member) => (member.id === ben.id ? { ...member, owner: true } : member))
    expect(anna.viewOf(ben)?.owner).toBe(true)
    const sayings = [
      { type: 'remove', member: cleo.id },
      { type: 'member-left', id: cleo.id, removed: true },
      { chat: 'remove', member: cleo.id },
      { chat: 'entries', entries: [{ remove: cleo.id }] },
    ]
    for (const saying of sayings) {
      for (const channel of ['chat', 'safety', 'picture', 'group'] as const)
        ben.page.peers.sendText(anna.id, channelText(channel, JSON.stringify(saying)))
      ben.page.peers.sendText(anna.id, JSON.stringify(saying))
    }
    expect(anna.chat.droppedFrom(ben.id)).toBe(sayings.length)
    expect(anna.dropped.unreadable).toBe(2)
    expect(anna.viewOf(cleo)).toMatchObject({ link: 'open', verified: true })
    const written = company.talk(2, 'says')
    company.run()
    for (const member of members) expect(company.heard(member)).toEqual(byAuthor(written))
  })

  it('[CH6] by its owner is kept to by every page, and what was read stays', async () => {
    const { company, anna, ben, cleo } = await meetThree()
    company.ownerId = anna.id
    const written = company.talk(2, 'before')
    anna.chat.removeMember(cleo.id)
    const after = company.talk(2, 'after', [anna, ben])
    cleo.write('CLEO after')
    company.run(LONG_MS)
    for (const member of [anna, ben]) expect(company.heard(member)).toEqual(byAuthor([...written, ...after]))
    expect(company.heard(cleo)).toEqual(byAuthor([...written, 'CLEO after']))
  })
})
