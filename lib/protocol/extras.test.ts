import { describe, expect, test } from 'vitest'

import { EARLY_PARTS_MAX, EXTRAS_REPEATS_MAX, GOT_DELAY_MS, PREVIEW_RETRY_MIN_MS } from './constants'
import { Endpoint } from './endpoint'
import { ID, manifestOf, pictureOf, statusOf, takeOf } from './fixtures'
import { encodeManifest } from './packet/manifest'
import { encodePart, type Part, type PartKind } from './packet/part'
import { ExtrasCollector } from './rx/extras-collector'
import { ExtrasSender } from './tx/extras-sender'
import { PictureSender } from './tx/picture-sender'
import { parsePacket } from './wire'

const PREVIEW = pictureOf(1500)
const INDEX = [pictureOf(10), pictureOf(20), pictureOf(30)]
const manifest = manifestOf(4196)

/** Parts that a queue hands out. */
function partsOf(poll: () => Uint8Array | null): number[] {
  const parts: number[] = []
  for (let bytes = poll(); bytes; bytes = poll()) {
    const result = parsePacket(bytes)
    if ('error' in result) throw new Error(result.error)
    if (result.packet.type === 'preview' || result.packet.type === 'index')
      parts.push(result.packet.data.part)
  }
  return parts
}

const got = (preview: number, ...index: number[]) => ({
  preview,
  index: Uint8Array.from({ length: 8 }, (_, i) => index[i] ?? 0),
})

describe('ExtrasSender', () => {
  const make = (indexAfterMs = 0) => new ExtrasSender(ID, { preview: PREVIEW, index: INDEX }, 0, indexAfterMs)
  const urgent = (sender: ExtrasSender) => partsOf(() => sender.pollUrgent())
  const calm = (sender: ExtrasSender) => partsOf(() => sender.pollCalm())

  test('[PV1] hands everything out once, and only what is missing when it repeats', () => {
    const sender = make()
    expect(urgent(sender)).toEqual([0, 1])
    expect(calm(sender)).toEqual([0, 1, 2])
    expect([urgent(sender), calm(sender)]).toEqual([[], []])
    sender.handleGot(got(0b01, 0b101))
    expect(sender.handleTimeout(PREVIEW_RETRY_MIN_MS)).toBe(true)
    expect(urgent(sender)).toEqual([1])
    sender.handleTimeout(150)
    expect(calm(sender)).toEqual([1])
  })

  test('[PV1] what the receiver has meanwhile is not sent from the queue either', () => {
    const sender = make()
    sender.handleGot(got(0b10, 0b110))
    expect([urgent(sender), calm(sender)]).toEqual([[0], [0]])
  })

  test('[PV6] rests when all is there, when it is stopped, and after the last repeat', () => {
    const served = make()
    served.handleGot(got(0b11, 0b111))
    const stopped = make(1000)
    stopped.stop()
    expect([served.pollTimeout(), stopped.pollTimeout()]).toEqual([null, null])
    expect([urgent(stopped), calm(stopped)]).toEqual([[], []])
    const ignored = make()
    let waves = 0
    for (let due = ignored.pollTimeout(); due !== null; due = ignored.pollTimeout()) {
      if (ignored.handleTimeout(due)) waves++
    }
    expect(waves).toBe(EXTRAS_REPEATS_MAX)
  })

  test('[HO1] the index waits as long as it is told to', () => {
    const sender = make(300)
    expect(calm(sender)).toEqual([])
    sender.handleTimeout(299)
    expect(sender.hasCalm).toBe(false)
    sender.handleTimeout(300)
    expect(calm(sender)).toEqual([0, 1, 2])
  })

  test.each([
    { preview: new Uint8Array(4097), index: [] },
    { preview: new Uint8Array(), index: Array.from({ length: 65 }, () => new Uint8Array(1)) },
    { preview: new Uint8Array(), index: [new Uint8Array(1025)] },
    { preview: new Uint8Array(), index: [new Uint8Array()] },
  ])('[PV1] what does not fit is left out', (extras) => {
    const sender = new ExtrasSender(ID, extras, 0, 0)
    expect([urgent(sender), calm(sender), sender.pollTimeout()]).toEqual([[], [], null])
  })
})

describe('PictureSender', () => {
  const make = () =>
    new PictureSender(ID, manifest, pictureOf(4196), 0, undefined, null, { preview: PREVIEW, index: INDEX })

  test('[PV1] MANIFEST goes first and is repeated with the preview while nobody has answered', () => {
    const sender = make()
    const types = () => {
      const seen: string[] = []
      for (let bytes = sender.pollControl(); bytes; bytes = sender.pollControl()) {
        const result = parsePacket(bytes)
        if ('packet' in result) seen.push(result.packet.type)
      }
      return seen
    }
    expect(types()).toEqual(['manifest', 'preview', 'preview'])
    sender.handleTimeout(PREVIEW_RETRY_MIN_MS)
    expect(types()).toEqual(['manifest', 'preview', 'preview'])
    sender.handleStatus(statusOf(), 90)
    sender.handleTimeout(PREVIEW_RETRY_MIN_MS * 2.5)
    expect(types()).toEqual(['preview', 'preview'])
  })

  test('[PV6] a picture that is whole, cancelled by silence or gone needs neither preview nor index', () => {
    const sender = make()
    sender.handleStatus(statusOf(), 1)
    while (sender.pollData());
    const counts = { packetsSent: 5, packetsReceived: 5, chunksHeld: 5, bytesReceived: 4196 }
    sender.handleStatus(statusOf({ phase: 'whole', ...counts }), 2)
    expect(takeOf(sender, 'preview')).toEqual([])
    expect(sender.hasCalm && sender.pollCalm()).toBeFalsy()
    const abandoned = make()
    abandoned.abandon('SHOAL_PEER_GONE')
    expect(abandoned.pollTimeout()).toBeNull()
  })
})

describe('ExtrasCollector', () => {
  const part = (kind: PartKind, number: number, parts: number, payload: Uint8Array): [PartKind, Part] => [
    kind,
    { part: number, parts, payload },
  ]

  test('[PV3] joins the parts in whatever order, and says GOT once for all that came together', () => {
    const collector = new ExtrasCollector(ID)
    collector.handlePart(...part('preview', 1, 2, PREVIEW.subarray(1024)), 100)
    expect([collector.preview, collector.dueMs]).toEqual([null, 100 + GOT_DELAY_MS])
    collector.handlePart(...part('preview', 0, 2, PREVIEW.subarray(0, 1024)), 102)
    collector.handlePart(...part('index', 9, 12, INDEX[0] ?? expect.unreachable()), 102)
    expect(collector.preview).toEqual(PREVIEW)
    expect(collector.poll(104)).toBeNull()
    const result = parsePacket(collector.poll(105) ?? expect.unreachable())
    expect(result).toMatchObject({ packet: { type: 'got', data: got(0b11, 0, 0b10) } })
    expect([collector.dueMs, collector.poll(200)]).toEqual([null, null])
  })

  test('[PV3] a part that comes again is answered again, and changes nothing', () => {
    const collector = new ExtrasCollector(ID)
    collector.handlePart(...part('index', 0, 1, Uint8Array.of(1)), 0)
    collector.poll(10)
    collector.handlePart(...part('index', 0, 1, Uint8Array.of(2)), 20)
    expect(collector.poll(30)).not.toBeNull()
    expect(collector.index).toEqual([Uint8Array.of(1)])
  })

  test('[PV5] a part of another number of parts contradicts the first', () => {
    const collector = new ExtrasCollector(ID)
    expect(collector.handlePart(...part('index', 0, 2, Uint8Array.of(1)), 0)).toBe(true)
    expect(collector.handlePart(...part('index', 1, 3, Uint8Array.of(1)), 0)).toBe(false)
    expect(collector.index).toHaveLength(1)
  })

  test('[PV3] what it keeps is its own: the packet may change', () => {
    const collector = new ExtrasCollector(ID)
    const payload = Uint8Array.of(1, 2, 3)
    collector.handlePart(...part('index', 0, 1, payload), 0)
    payload.fill(0)
    expect(collector.index).toEqual([Uint8Array.of(1, 2, 3)])
  })
})

describe('Endpoint', () => {
  const early = (id: string, number: number) =>
    encodePart('index', id, { part: number % 64, parts: 64, payload: Uint8Array.of(number) })
  const other = 'ffffffffffffffff'

  test('[PV4] parts that overtake their MANIFEST are there when it comes', () => {
    const endpoint = new Endpoint()
    endpoint.handlePacket(
      encodePart('preview', ID, { part: 0, parts: 1, payload: PREVIEW.subarray(0, 9) }),
      0,
    )
    endpoint.handlePacket(early(ID, 5), 0)
    endpoint.handlePacket(early(other, 6), 0)
    endpoint.handlePacket(encodeManifest(ID, manifest), 1)
    expect(endpoint.receiver(ID)?.extras.preview).toEqual(PREVIEW.subarray(0, 9))
    expect(endpoint.receiver(ID)?.extras.index).toEqual([Uint8Array.of(5)])
    expect([endpoint.pollEvent()?.type, endpoint.pollEvent()?.type, endpoint.pollEvent()]).toEqual([
      'incoming',
      'preview',
      null,
    ])
    expect(endpoint.strays).toBe(0)
  })

  test('[PV4] of a flood of them only the last 32 are kept, and the others counted as strays', () => {
    const endpoint = new Endpoint()
    for (let i = 0; i < EARLY_PARTS_MAX + 10; i++) endpoint.handlePacket(early(ID, i), 0)
    endpoint.handlePacket(encodeManifest(ID, manifest), 1)
    expect(endpoint.receiver(ID)?.extras.index).toHaveLength(EARLY_PARTS_MAX)
    expect(endpoint.strays).toBe(10)
  })

  test('[MF8] a placeholder arrives as it was announced, whatever it is', () => {
    const endpoint = new Endpoint()
    endpoint.handlePacket(encodeManifest(ID, { ...manifest, placeholder: 'ff'.repeat(32) }), 1)
    expect(endpoint.receiver(ID)?.manifest.placeholder).toBe('ff'.repeat(32))
  })
})
