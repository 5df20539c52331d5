import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { beforeEach, describe, expect, it } from 'vitest'

import type { Lane } from '@/lib/peer/lane'
import type { Link } from '@/lib/peer/link'
import { ManualClock } from '@/lib/peer/manual-clock'

import type { DigestService } from './digest'
import type { Broadcast } from './fan-out'
import { Transfers } from './transfers'
import type { OutgoingPicture } from './types'

const digest: DigestService = {
  async readFile(file) {
    const bytes = new Uint8Array(await file.arrayBuffer())
    return { sha256: bytesToHex(sha256(bytes)), bytes }
  },
  async assemble(pieces, mediaType) {
    const file = new Blob(pieces as Uint8Array<ArrayBuffer>[], { type: mediaType })
    return { sha256: bytesToHex(sha256(new Uint8Array(await file.arrayBuffer()))), file }
  },
  close: () => undefined,
}

const PICTURE_BYTES = 100_000
const CHUNKS = Math.ceil(PICTURE_BYTES / 1024)
const RECEIVERS = ['a', 'b', 'c', 'd']

/** One page that sends and four that receive: a lane to each, and one way to all of them. */
class Hall {
  readonly clock = new ManualClock()
  readonly receivers = new Map(RECEIVERS.map((id) => [id, this.#page(undefined)]))
  readonly sender: Transfers
  /** DATA packets that each got by its own lane. */
  readonly ownData = new Map<string, number>()
  /** Packets that went up for all. */
  up = 0
  unready = new Set<string>()
  busy = new Set<string>()
  /** Way through the server, ms. */
  delayMs = 5
  drops: (to: string, index: number) => boolean = () => false
  lostAfter = Infinity
  opened = 0
  closed = 0

  constructor() {
    this.sender = this.#page({ from: 3, open: () => this.#broadcast() })
    for (const [id, receiver] of this.receivers) {
      this.sender.attach(
        id,
        id,
        this.#link(id, (message) => receiver.handleMessage('s', message)),
      )
      receiver.attach(
        's',
        'SENDER',
        this.#link(null, (message) => this.sender.handleMessage(id, message)),
      )
    }
  }

  async run(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += 5) {
      await new Promise((resolve) => setImmediate(resolve))
      this.clock.advance(5)
    }
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  }

  send(to = RECEIVERS, mode: 'assured' | 'repair' | 'classic' = 'repair') {
    this.sender.send(
      to.map((id) => ({ id, name: id })),
      picture(),
      mode,
      0,
    )
  }

  reportOf(id: string) {
    const received = this.receivers.get(id)!.views[0]?.report
    const sent = this.sender.views.find((view) => view.peerId === id)?.report
    return { received, sent }
  }

  #broadcast(): Broadcast {
    this.opened++
    return {
      bufferedAmount: 0,
      isReady: (id) => !this.unready.has(id),
      isBusy: (id) => this.busy.has(id),
      send: (message) => {
        if (this.up >= this.lostAfter) return false
        const copy = message.slice()
        const index = this.up++
        for (const [id, receiver] of this.receivers) {
          if (!this.unready.has(id) && !this.drops(id, index))
            this.clock.schedule(this.delayMs, () => receiver.handleMessage('s', copy))
        }
        return true
      },
      close: () => {
        this.closed++
      },
    }
  }

  #page(fanOut: ConstructorParameters<typeof Transfers>[0]['fanOut']): Transfers {
    let count = 0
    return new Transfers({
      clock: this.clock,
      digest,
      code: {
        encode: () => Promise.resolve([]),
        decode: () => Promise.resolve(null),
        close: () => undefined,
      },
      sight: {
        showHeld: () => Promise.resolve(null),
        drawCopy: () => Promise.resolve(null),
        isVisible: () => true,
      },
      maxPictureBytes: 1_000_000,
      newTransferId: () => String(++count).padStart(16, '0'),
      onChange: () => undefined,
      ...(fanOut && { fanOut }),
    })
  }

  #link(to: string | null, deliver: (message: Uint8Array) => void): Link {
    const send = (message: Uint8Array) => {
      const copy = message.slice()
      if (to !== null && (message[0] ?? 0) % 16 === 2) this.ownData.set(to, (this.ownData.get(to) ?? 0) + 1)
      this.clock.schedule(5, () => deliver(copy))
      return true
    }
    const lane: Lane = {
      path: 'direct',
      isOpen: true,
      bufferedAmount: 0,
      send,
      notifyAt: () => undefined,
      close: () => undefined,
    }
    const link: Pick<Link, 'dataLane' | 'broadcast' | 'openLanes'> = {
      dataLane: () => lane,
      openLanes: () => [lane],
      broadcast: send,
    }
    return link as Link
  }
}

function picture(): OutgoingPicture {
  const content = Uint8Array.from({ length: PICTURE_BYTES }, (_, i) => (i * 31 + (i >> 8)) & 255)
  return {
    file: new Blob([content], { type: 'image/jpeg' }),
    ...{ name: 'reef.jpeg', type: 'image/jpeg', width: 640, height: 480, channels: 3 },
  }
}

let hall: Hall

beforeEach(() => {
  hall = new Hall()
})

describe('one picture to many', () => {
  it('[FO2] goes up once and arrives whole at each, with the truth in both reports', async () => {
    hall.send()
    await hall.run(1500)
    expect(hall.up).toBe(CHUNKS)
    expect(hall.closed).toBe(1)
    for (const id of RECEIVERS) {
      const { received, sent } = hall.reportOf(id)
      expect(received).toMatchObject({
        ...{ exact: true, packetsSent: CHUNKS, packetsReceived: CHUNKS, packetsLost: 0 },
        ...{ bytesReceived: PICTURE_BYTES, path: 'relay' },
      })
      expect(sent?.packetsReceived).toBe(CHUNKS)
      expect(hall.ownData.get(id)).toBeUndefined()
    }
  })

  it('[FO3] is not asked for again while it is still in the server: END does not overtake it', async () => {
    hall.delayMs = 600
    hall.send()
    await hall.run(3000)
    for (const id of RECEIVERS) {
      expect(hall.reportOf(id).received).toMatchObject({
        ...{ exact: true, packetsSent: CHUNKS, packetsReceived: CHUNKS, duplicates: 0, path: 'relay' },
      })
      expect(hall.ownData.get(id)).toBeUndefined()
    }
  })

  it('[FO3] what one of them misses it gets by its own lane, and only that', async () => {
    hall.drops = (to, index) => to === 'b' && index % 10 === 3
    hall.send()
    await hall.run(2500)
    const lost = Math.ceil((CHUNKS - 3) / 10)
    expect(hall.reportOf('b').received).toMatchObject({
      ...{ exact: true, packetsLost: lost, repaired: lost, packetsSent: CHUNKS + lost },
    })
    expect(hall.ownData.get('b')).toBe(lost)
    expect(hall.reportOf('a').received).toMatchObject({ exact: true, packetsLost: 0 })
  })

  it('[FO3] who is not ready in time gets all of it by its own lane', async () => {
    hall.unready.add('c')
    hall.send()
    await hall.run(6000)
    expect(hall.up).toBe(CHUNKS)
    expect(hall.ownData.get('c')).toBe(CHUNKS)
    for (const id of RECEIVERS) expect(hall.reportOf(id).received?.exact).toBe(true)
  })

  it('[FO3] when the way is lost the rest goes by the own lanes', async () => {
    hall.lostAfter = 40
    hall.send()
    await hall.run(2500)
    for (const id of RECEIVERS) {
      expect(hall.ownData.get(id)).toBe(CHUNKS - 40)
      expect(hall.reportOf(id).received).toMatchObject({ exact: true, packetsSent: CHUNKS, packetsLost: 0 })
    }
  })

  it('waits for one that is behind, but not for ever', async () => {
    hall.busy.add('d')
    hall.send()
    await hall.run(1500)
    expect(hall.up).toBe(0)
    await hall.run(2500)
    expect(hall.up).toBe(CHUNKS)
    expect(hall.reportOf('a').received?.exact).toBe(true)
  })

  it('goes on for the others when one takes it back', async () => {
    hall.send()
    hall.sender.cancel(hall.sender.views.find((view) => view.peerId === 'a')!.key)
    await hall.run(2500)
    expect(hall.reportOf('a').received?.exact).not.toBe(true)
    for (const id of ['b', 'c', 'd']) expect(hall.reportOf(id).received?.exact).toBe(true)
  })

  it('[FO1] is not opened for a few, nor in Classic', async () => {
    hall.send(['a', 'b'])
    hall.send(RECEIVERS, 'classic')
    await hall.run(1500)
    expect(hall.opened).toBe(0)
    expect(hall.reportOf('a').received?.exact).toBe(true)
  })
})
