import { beforeEach, describe, expect, it } from 'vitest'

import { countedBytes } from '@/lib/keys/fixtures'
import { ManualClock } from '@/lib/peer/manual-clock'
import type { Broadcast } from '@/lib/transfer/fan-out'

import { Broadcasts } from './broadcasts'
import type { GroupPort, RelayGroups } from './relay-access'

/** Three pages at one relay; texts and packets go through the test's hands. */
class Hall {
  readonly clock = new ManualClock()
  readonly pages = new Map<string, Broadcasts>()
  readonly groups = new Map<string, RelayGroups>()
  readonly here = new Set<string>()
  readonly wanted = new Set<string>()
  readonly got: [string, string, number[]][] = []
  loseText: (from: string, to: string, text: string) => boolean = () => false
  readonly packets: Uint8Array[] = []

  constructor() {
    let seed = 0
    for (const id of ['a', 'b', 'c']) this.#page(id, ++seed)
  }

  page(id: string): Broadcasts {
    return this.pages.get(id)!
  }

  /** Everyone who wants to be at the relay gets there. */
  arrive(): void {
    for (const id of this.wanted) this.here.add(id)
    for (const groups of this.groups.values()) groups.handleChange()
  }

  open(from: string, to: string[]): Broadcast {
    const broadcast = this.page(from).open(to)
    this.arrive()
    return broadcast!
  }

  #page(id: string, seed: number): void {
    const { here } = this
    const page = new Broadcasts({
      clock: this.clock,
      randomBytes: countedBytes(seed),
      place: () => ({ room: 'K7QM3-XTR9B', selfId: id }),
      port: (groups): GroupPort => {
        this.groups.set(id, groups)
        return {
          get isEntered() {
            return here.has(id)
          },
          bufferedAmount: 0,
          isHere: (peerId) => here.has(peerId),
          isBusy: () => false,
          sendToAll: (packet) => {
            this.packets.push(packet)
            for (const other of this.here) if (other !== id) this.groups.get(other)?.handlePacket(id, packet)
            return true
          },
          want: (wanted) => {
            if (wanted) this.wanted.add(id)
            else this.wanted.delete(id)
          },
        }
      },
      sendText: (to, text) => {
        if (!this.loseText(id, to, text)) this.pages.get(to)?.handleText(id, JSON.parse(text))
      },
      onMessage: (from, message) => void this.got.push([id, from, [...message]]),
    })
    this.pages.set(id, page)
  }
}

let hall: Hall

beforeEach(() => {
  hall = new Hall()
})

describe('a way to many at once', () => {
  it('is told to each of them, and carries to those alone', () => {
    const toBoth = hall.open('a', ['b', 'c'])
    expect([toBoth.isReady('b'), toBoth.isReady('c')]).toEqual([true, true])
    toBoth.send(Uint8Array.of(7))
    expect(hall.got).toEqual([
      ['b', 'a', [7]],
      ['c', 'a', [7]],
    ])
    const toBen = hall.open('a', ['b'])
    toBen.send(Uint8Array.of(8))
    expect(hall.got.slice(2)).toEqual([['b', 'a', [8]]])
  })

  it('a key that was lost is told again, and an answer that was lost is given again', () => {
    let lost = 0
    hall.loseText = () => lost++ < 2
    const broadcast = hall.open('a', ['b'])
    expect(broadcast.isReady('b')).toBe(false)
    for (let i = 0; i < 3; i++) hall.clock.advance(500)
    hall.arrive()
    expect(broadcast.isReady('b')).toBe(true)
  })

  it('what was there before, or was altered, is dropped and counted', () => {
    hall.open('a', ['b']).send(Uint8Array.of(7))
    const [packet] = hall.packets
    hall.page('b').handlePacket('a', packet!)
    const altered = packet!.slice()
    altered[20]! ^= 1
    hall.page('b').handlePacket('a', altered)
    expect(hall.page('b').refused).toBe(2)
    expect(hall.got).toHaveLength(1)
  })

  it('a packet in the name of another member is none of the group', () => {
    hall.open('a', ['b']).send(Uint8Array.of(7))
    hall.page('b').handlePacket('c', hall.packets[0]!)
    expect(hall.got).toHaveLength(1)
  })

  it('a second key for a group that is there is not taken', () => {
    const broadcast = hall.open('a', ['b'])
    const id = hexOf(broadcast, hall)
    hall.page('b').handleText('a', { type: 'group', id, key: 'A'.repeat(43) })
    broadcast.send(Uint8Array.of(9))
    expect(hall.got.at(-1)).toEqual(['b', 'a', [9]])
  })

  it('the socket is wanted only as long as a group lives', () => {
    const broadcast = hall.open('a', ['b'])
    expect([...hall.wanted].sort()).toEqual(['a', 'b'])
    broadcast.close()
    expect([...hall.wanted]).toEqual(['b'])
    hall.clock.advance(30_000)
    expect([...hall.wanted]).toEqual([])
  })

  it.each([[null], [{}], [{ type: 'group', id: 'x', key: 'y' }], [{ type: 'group-ready' }], [7]])(
    'takes %j for none of its texts',
    (json) => {
      expect(hall.page('a').handleText('b', json)).toBe(false)
    },
  )
})

/** The group's id, from a packet of it. */
function hexOf(broadcast: Broadcast, { packets }: Hall): string {
  broadcast.send(Uint8Array.of(0))
  return Array.from(packets.at(-1)!.subarray(1, 9), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
