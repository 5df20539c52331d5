import { beforeEach, describe, expect, it } from 'vitest'

import { AntiEntropy } from './anti-entropy'
import type { Entry } from './entry'
import { ACK_AFTER_MS, FORWARD_AFTER_MS, GOSSIP_AFTER_MS, ON_ITS_WAY_MS, RETRY_MIN_MS } from './limits'
import { ChatLog } from './log'
import { PeerState } from './peer-state'
import { authorOf } from './testing/devices'
import { type ChatText, parseChatText } from './wire'

const STREAM = '0'.repeat(16)
const [self, ben, cleo] = [authorOf(0), authorOf(1), authorOf(2)]
let log: ChatLog
let peers: Map<string, PeerState>
let sync: AntiEntropy
let said: { readonly peer: string; readonly text: ChatText }[]

beforeEach(() => {
  log = new ChatLog(() => true)
  peers = new Map()
  said = []
  sync = new AntiEntropy({
    ...{ author: self, log, peers, random: () => 0.5 },
    say: (peer, text) => said.push({ peer, text: parseChatText(text) as ChatText }),
  })
})

function meet(peer: string, identity: string, now = 0): PeerState {
  const state = new PeerState(peer, identity, peer, now)
  peers.set(peer, state)
  // As if each had told the other that it has nothing.
  state.told = true
  return state
}

function put(author: string, { seq = 0, to = null as string | null } = {}): Entry {
  const entry = {
    ...{ author, stream: STREAM, seq, time: seq, name: 'N', to, digest: seq.toString(16).padStart(64, '0') },
    ...{ signature: 'a'.repeat(86), body: JSON.stringify({ type: 'text', text: `m${seq}` }) },
  }
  expect(log.add(entry)).toBe('placed')
  return entry
}

/** What was said since the last call: to whom, and how many entries or which marks. */
function heard() {
  return said.splice(0).map(({ peer, text }) => {
    if (text.type === 'entries') return `${peer} ${text.entries.length} entries`
    if (text.type !== 'have') return `${peer} ${text.type}`
    return `${peer} ${text.ask ? 'ask' : 'have'} ${text.marks.map(({ next }) => next).join()}`.trim()
  })
}

describe('what we wrote', () => {
  it('[CH6] goes to all who may have it, and again after a pause until it is there', () => {
    const state = meet('ben', ben)
    meet('cleo', cleo)
    sync.spread(put(self, { to: ben }), 0)
    expect(heard()).toEqual(['ben 1 entries'])
    sync.handleTimeout(state, RETRY_MIN_MS - 1)
    expect(heard()).toEqual([])
    sync.handleTimeout(state, RETRY_MIN_MS)
    expect(heard()).toEqual(['ben ask', 'ben 1 entries'])
    sync.handleHave(state, { marks: [{ author: self, stream: STREAM, next: 1 }], ask: false }, 1500)
    sync.handleTimeout(state, 60_000)
    expect(heard()).toEqual([])
  })

  it('[CH6] is not sent again while it is on its way', () => {
    const state = meet('ben', ben)
    sync.spread(put(self), 0)
    sync.spread(put(self, { seq: 1 }), 0)
    heard()
    sync.handleHave(state, { marks: [], ask: true }, ON_ITS_WAY_MS - 1)
    expect(heard()).toEqual(['ben have 2'])
    sync.handleHave(state, { marks: [], ask: true }, ON_ITS_WAY_MS)
    expect(heard()).toEqual(['ben have 2', 'ben 2 entries'])
  })
})

describe('what another wrote', () => {
  it('[CH6] is acknowledged soon, and told to the others a while later', () => {
    const from = meet('ben', ben)
    const other = meet('cleo', cleo)
    const entry = put(ben)
    sync.acknowledge(from, entry, 0)
    sync.gossip(entry, from, 0)
    expect([from.owedAtMs, other.owedAtMs]).toEqual([ACK_AFTER_MS, GOSSIP_AFTER_MS])
    sync.handleTimeout(from, ACK_AFTER_MS)
    expect(heard()).toEqual(['ben have 1'])
    sync.handleTimeout(other, GOSSIP_AFTER_MS)
    expect(heard()).toEqual(['cleo have 1'])
  })

  it('[CH6] is passed on when its author is here and it has not come by itself', () => {
    const from = meet('ben', ben)
    const other = meet('cleo', cleo)
    sync.gossip(put(ben), from, 0)
    sync.handleHave(other, { marks: [], ask: true }, 100)
    expect(heard()).toEqual(['cleo have 1'])
    const dueMs = FORWARD_AFTER_MS * 1.5
    other.owedAtMs = Infinity
    sync.handleTimeout(other, dueMs)
    // Nothing of the stream has come there since it joined, for longer than somebody else would be at it.
    sync.handleTimeout(other, 2 * dueMs)
    expect(heard()).toContain('cleo 1 entries')
  })
})

describe('marks of a peer', () => {
  it('are news only as far as they grow', () => {
    const state = meet('ben', ben)
    const marks = [{ author: self, stream: STREAM, next: 3 }]
    expect(sync.handleHave(state, { marks, ask: false }, 0)).toEqual(marks)
    expect(sync.handleHave(state, { marks: [{ ...marks[0]!, next: 2 }], ask: false }, 1)).toEqual([])
    expect(state.hasOf(self, STREAM)).toBe(3)
  })
})
