import { encodeFeedback } from './packet/feedback'
import { SymbolPacketWriter } from './packet/symbol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { PACKET_MAX_BYTES } from './constants'
import { endOf, ID } from './fixtures'
import { fromHex, toHex } from './packet/bytes'
import { type Cancel, encodeCancel } from './packet/cancel'
import { DataPacketWriter } from './packet/data'
import { encodeEnd, type End } from './packet/end'
import { encodeGot } from './packet/got'
import { chunkCountOf, encodeManifest, type Manifest } from './packet/manifest'
import { encodePart } from './packet/part'
import { encodeRepair, type Run } from './packet/repair'
import { encodeStatus, type ReceiverStatus } from './packet/status'
import { type Packet, parsePacket } from './wire'

const u8 = fc.integer({ min: 0, max: 0xff })
const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.integer({ min: 0, max: 0xffffffff })
const hex = (digits: number) =>
  fc.uint8Array({ minLength: digits / 2, maxLength: digits / 2 }).map((bytes) => toHex(bytes))
const transferId = hex(16)
/** What a field of tenths of a millisecond can say. */
const tenths = fc.integer({ min: 0, max: 0xfffffffe }).map((value) => value / 10)
const time = fc.double({ noNaN: true, noDefaultInfinity: true })

const manifest: fc.Arbitrary<Manifest> = fc
  .record({
    mode: fc.constantFrom('classic' as const, 'repair' as const),
    type: fc.constantFrom('image/jpeg' as const, 'image/png' as const, 'image/webp' as const),
    name: fc
      .array(fc.constantFrom('a', 'Z', '.', ' ', '/', '\0', 'é', '\u202e', '猫', '🐈'), { maxLength: 60 })
      .map((c) => c.join('')),
    bytes: fc.integer({ min: 1, max: 2 ** 30 }),
    width: fc.integer({ min: 1, max: 0xffffffff }),
    height: fc.integer({ min: 1, max: 0xffffffff }),
    channels: fc.constantFrom(1, 3, 4),
    startedAtMs: time,
    sha256: hex(64),
    placeholder: fc.integer({ min: 0, max: 32 }).chain((bytes) => hex(2 * bytes)),
  })
  .map((fields) => ({ ...fields, chunkCount: chunkCountOf(fields.bytes) }))

const status: fc.Arbitrary<ReceiverStatus> = fc
  .record({
    phase: fc.constantFrom('receiving' as const, 'whole' as const, 'final' as const),
    exact: fc.boolean(),
    packetsReceived: u32,
    lost: u32,
    duplicates: u32,
    lateAfterFreeze: u32,
    chunksHeld: u32,
    repaired: u32,
    repairRounds: u16,
    resumedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    bytesShare: fc.double({ min: 0, max: 1, noNaN: true }),
    firstPacketAtMs: time,
    completedAtMs: time,
    recovered: u32,
    previewAtMs: fc.oneof(fc.constant(null), fc.double({ min: 1, max: 2e12, noNaN: true })),
    queueDelayMsP95: fc.oneof(fc.constant(null), tenths),
    sha256: hex(64),
  })
  .map(({ lost, resumedShare, bytesShare, ...fields }) => ({
    ...fields,
    resumed: Math.floor(resumedShare * fields.chunksHeld),
    packetsSent: Math.min(0xffffffff, fields.packetsReceived + lost),
    bytesReceived: Math.floor(bytesShare * fields.packetsReceived * 1024),
  }))

const runs: fc.Arbitrary<Run[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 })), {
    minLength: 1,
    maxLength: 5000,
    size: 'max',
  })
  .map((pairs) => {
    let end = -1
    return pairs.map(([gap, length]) => {
      const start = end + gap
      end = start + length
      return { start, length }
    })
  })

function parsed(bytes: Uint8Array): Packet {
  const result = parsePacket(bytes)
  if ('error' in result) throw new Error(result.error)
  return result.packet
}

/** The bytes that the encoder writes for a packet that was read. */
function encoded({ type, transferId: id, data }: Packet): Uint8Array {
  switch (type) {
    case 'manifest':
      return encodeManifest(id, data)
    case 'data':
      return new DataPacketWriter(id).encode(data.packetNumber, data.chunkIndex, data.payload)
    case 'end':
      return encodeEnd(id, data)
    case 'report':
      return encodeStatus(id, data)
    case 'repair': {
      const bytes = encodeRepair(id, data.round, data.runs)[0] ?? new Uint8Array(13)
      // A part does not know its number while it is encoded alone.
      bytes[11] = data.part
      bytes[12] = data.parts
      return bytes
    }
    case 'cancel':
      return encodeCancel(id, data)
    case 'symbol': {
      const { packetNumber, block, symbolId, sentAtTenths, payload } = data
      return new SymbolPacketWriter(id).encode(packetNumber, block, symbolId, sentAtTenths / 10, payload)
    }
    case 'feedback':
      return encodeFeedback(id, data)
    case 'preview':
    case 'index':
      return encodePart(type, id, data)
    case 'got':
      return encodeGot(id, data)
  }
}

describe('round trips', () => {
  test('[WF4] every MANIFEST is read as it was written', () => {
    fc.assert(
      fc.property(transferId, manifest, (id, data) => {
        expect(parsed(encodeManifest(id, data))).toEqual({ type: 'manifest', transferId: id, data })
      }),
    )
  })

  test('[WF5] every data packet is read as it was written', () => {
    const payload = fc.uint8Array({ minLength: 1, maxLength: 1024, size: 'max' })
    fc.assert(
      fc.property(transferId, u32, u32, payload, (id, packetNumber, chunkIndex, bytes) => {
        const packet = parsed(new DataPacketWriter(id).encode(packetNumber, chunkIndex, bytes))
        expect(packet).toMatchObject({ type: 'data', transferId: id, data: { packetNumber, chunkIndex } })
        expect(packet.type === 'data' && toHex(packet.data.payload)).toBe(toHex(bytes))
      }),
    )
  })

  test('[WF6] every END is read as it was written', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const end: fc.Arbitrary<End> = fc
      .record({
        round: u16,
        packetsSent: u32,
        final: fc.boolean(),
        path: fc.constantFrom(null, 'direct' as const, 'turn' as const, 'relay' as const),
        lanes: u16,
        minRttMs: fc.oneof(fc.constant(null), tenths),
        shares: fc.tuple(share, share, share, share),
      })
      .map(({ shares: [coded, inFlight, bytes, relayed], ...fields }) => ({
        ...fields,
        codedPacketsSent: Math.floor(coded * fields.packetsSent),
        inFlightAtEnd: Math.floor(inFlight * fields.packetsSent),
        bytesSent: Math.floor(bytes * fields.packetsSent * 1024),
        relayedBytes: Math.floor(relayed * fields.packetsSent * 1024),
      }))
    fc.assert(
      fc.property(transferId, end, (id, data) => {
        expect(parsed(encodeEnd(id, data))).toEqual({ type: 'end', transferId: id, data })
      }),
    )
  })

  test('[WF7] every REPORT is read as it was written', () => {
    fc.assert(
      fc.property(transferId, status, (id, data) => {
        expect(parsed(encodeStatus(id, data))).toEqual({ type: 'report', transferId: id, data })
      }),
    )
  })

  test('[WF8] every request names its runs, in at most 16 parts that each fit a packet and stand alone', () => {
    fc.assert(
      fc.property(transferId, u16, runs, (id, round, wanted) => {
        const parts = encodeRepair(id, round, wanted)
        expect(parts.length).toBeLessThanOrEqual(16)
        const named = parts.flatMap((bytes, part) => {
          expect(bytes.length).toBeLessThanOrEqual(PACKET_MAX_BYTES)
          const packet = parsed(bytes)
          expect(packet).toMatchObject({
            type: 'repair',
            transferId: id,
            data: { round, part, parts: parts.length },
          })
          return packet.type === 'repair' ? packet.data.runs : []
        })
        // What does not fit waits for the next round.
        expect(named).toEqual(wanted.slice(0, named.length))
        if (parts.length < 16) expect(named).toHaveLength(wanted.length)
      }),
      { numRuns: 30 },
    )
  })

  test('[WF9] every CANCEL is read as it was written', () => {
    const cancel: fc.Arbitrary<Cancel> = fc.record({
      reason: fc.constantFrom(
        'SHOAL_CANCELLED_BY_SENDER' as const,
        'SHOAL_REFUSED_TOO_LARGE' as const,
        'SHOAL_INTERNAL' as const,
      ),
      acknowledges: fc.boolean(),
      limitBytes: u32,
    })
    fc.assert(
      fc.property(transferId, cancel, (id, data) => {
        expect(parsed(encodeCancel(id, data))).toEqual({ type: 'cancel', transferId: id, data })
      }),
    )
  })
})

const SHA256 = '00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef'

/** One packet of each type, field by field. */
const golden: readonly { readonly packet: Packet; readonly hex: readonly string[] }[] = [
  {
    packet: {
      type: 'manifest',
      transferId: ID,
      data: {
        mode: 'repair',
        type: 'image/webp',
        name: 'é.webp',
        bytes: 2049,
        chunkCount: 3,
        width: 4000,
        height: 3000,
        channels: 4,
        startedAtMs: 1_790_000_000_000.5,
        sha256: SHA256,
        placeholder: '3bd50a0d',
      },
    },
    hex: [
      '11' + ID,
      ...['02', '03', '04', '07'],
      ...['00000801', '00000003', '00000fa0', '00000bb8'],
      '427a0c4506c00800',
      SHA256,
      ...['04', '3bd50a0d'],
      'c3a92e77656270',
    ],
  },
  {
    packet: {
      type: 'data',
      transferId: ID,
      data: { packetNumber: 258, chunkIndex: 3, payload: Uint8Array.of(0xde, 0xad, 0xbe, 0xef) },
    },
    hex: ['12' + ID, '00000102', '00000003', 'deadbeef'],
  },
  {
    packet: {
      type: 'end',
      transferId: ID,
      data: {
        round: 2,
        final: true,
        path: 'relay',
        packetsSent: 70_000,
        codedPacketsSent: 258,
        inFlightAtEnd: 3,
        minRttMs: 50.2,
        lanes: 16,
        bytesSent: 1_024_000,
        relayedBytes: 1024,
      },
    },
    hex: [
      '13' + ID,
      ...['0002', '01', '03'],
      ...['00011170', '00000102', '00000003', '000001f6', '0010'],
      ...['412f400000000000', '4090000000000000'],
    ],
  },
  {
    packet: {
      type: 'report',
      transferId: ID,
      data: {
        phase: 'final',
        exact: true,
        packetsSent: 1300,
        packetsReceived: 1000,
        duplicates: 2,
        lateAfterFreeze: 1,
        chunksHeld: 1000,
        repaired: 250,
        repairRounds: 3,
        resumed: 7,
        bytesReceived: 1_024_000,
        firstPacketAtMs: 1_790_000_000_100.25,
        completedAtMs: 1_790_000_001_000,
        recovered: 4,
        previewAtMs: 1_790_000_000_000.5,
        queueDelayMsP95: 12.5,
        sha256: SHA256,
      },
    },
    hex: [
      '14' + ID,
      ...['03', '01', '0003'],
      ...['00000514', '000003e8', '00000002', '00000001', '000003e8', '000000fa', '00000007'],
      ...['00000004', '0000007d'],
      ...['412f400000000000', '427a0c4506c64400', '427a0c4506fe8000', '427a0c4506c00800'],
      SHA256,
    ],
  },
  {
    packet: {
      type: 'repair',
      transferId: ID,
      data: {
        round: 1,
        part: 0,
        parts: 1,
        runs: [
          { start: 5, length: 1 },
          { start: 306, length: 200 },
        ],
      },
    },
    // 300 = ac 02 and 200 = c8 01 as LEB128.
    hex: ['15' + ID, '0001', '00', '01', '05', '01', 'ac02', 'c801'],
  },
  {
    packet: {
      type: 'cancel',
      transferId: ID,
      data: { reason: 'SHOAL_REFUSED_TOO_LARGE', acknowledges: false, limitBytes: 268_435_456 },
    },
    hex: ['16' + ID, '03', '00', '10000000'],
  },
  {
    packet: {
      type: 'preview',
      transferId: ID,
      data: { part: 1, parts: 2, payload: Uint8Array.of(0xde, 0xad, 0xbe, 0xef) },
    },
    hex: ['19' + ID, '01', '02', 'deadbeef'],
  },
  {
    packet: {
      type: 'index',
      transferId: ID,
      data: { part: 0, parts: 64, payload: Uint8Array.of(0xca, 0xfe) },
    },
    hex: ['1a' + ID, '00', '40', 'cafe'],
  },
  {
    packet: {
      type: 'got',
      transferId: ID,
      data: { preview: 0b11, index: Uint8Array.of(0xff, 0x01, 0, 0, 0, 0, 0, 0x80) },
    },
    hex: ['1b' + ID, '03', 'ff01000000000080'],
  },
]

const packets = golden.map(({ packet, hex: fields }) => ({
  type: packet.type,
  bytes: fromHex(fields.join('')),
}))

describe('golden packets of version 1, which never change', () => {
  test.each(golden)('[WF11] $packet.type', ({ packet, hex: fields }) => {
    expect(toHex(encoded(packet))).toBe(fields.join(''))
    expect(parsed(fromHex(fields.join('')))).toEqual(packet)
  })
})

describe('parts', () => {
  test('[WF14] [WF15] every part of a preview or an index is read as it was written', () => {
    const sizes = fc.constantFrom(['preview' as const, 4] as const, ['index' as const, 64] as const)
    const payload = fc.uint8Array({ minLength: 1, maxLength: 1024, size: 'max' })
    fc.assert(
      fc.property(transferId, sizes, fc.nat(), payload, (id, [kind, partsMax], seed, bytes) => {
        const parts = 1 + (seed % partsMax)
        const data = { part: parts - 1, parts, payload: bytes }
        expect(parsed(encodePart(kind, id, data))).toEqual({ type: kind, transferId: id, data })
      }),
    )
  })

  test('[WF16] every GOT is read as it was written', () => {
    const index = fc.uint8Array({ minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(transferId, fc.nat({ max: 15 }), index, (id, preview, bits) => {
        const data = { preview, index: bits }
        expect(parsed(encodeGot(id, data))).toEqual({ type: 'got', transferId: id, data })
      }),
    )
  })

  const read = (type: string, body: string) => {
    const result = parsePacket(fromHex(type + ID + body))
    return 'error' in result ? result.error : null
  }

  test.each([
    ['19', '0001' + 'aa', null],
    ['19', '0000' + 'aa', 'bad-field'],
    ['19', '0404' + 'aa', 'bad-field'],
    ['19', '0005' + 'aa', 'bad-field'],
    ['19', '0002' + 'aa', 'bad-length'],
    ['19', '0002' + 'aa'.repeat(1024), null],
    ['19', '0001' + 'aa'.repeat(1025), 'too-long'],
    ['1a', '0002' + 'aa', null],
    ['1a', '4040' + 'aa', 'bad-field'],
    ['1a', '0041' + 'aa', 'bad-field'],
  ])('[WF14] [WF15] a part %s %.12s… gives %s', (type, body, error) => {
    expect(read(type, body)).toBe(error)
  })

  test('[WF16] a GOT of parts that no preview has is malformed', () => {
    expect(read('1b', '0f' + '00'.repeat(8))).toBeNull()
    expect(read('1b', '10' + '00'.repeat(8))).toBe('bad-field')
  })
})

describe('size', () => {
  test('[WF3] [LM6] no packet is longer than one SCTP packet has room for, however much it carries', () => {
    const name = 'x'.repeat(1000)
    const full = packets.find((packet) => packet.type === 'manifest')
    const manifestPacket = parsed(full?.bytes ?? new Uint8Array())
    if (manifestPacket.type !== 'manifest') throw new Error('no manifest')
    const holes = Array.from({ length: 10_000 }, (_, i) => ({ start: 300 * i, length: 200 }))
    const placeholder = 'ab'.repeat(32)
    const longest = [
      encodeManifest(ID, { ...manifestPacket.data, name, placeholder }),
      new DataPacketWriter(ID).encode(0xffffffff, 0xffffffff, new Uint8Array(1024)),
      ...encodeRepair(ID, 0xffff, holes),
    ]
    expect(longest).toHaveLength(2 + 16)
    expect(longest.slice(0, 2).map((bytes) => bytes.length)).toEqual([357, 1041])
    for (const bytes of longest) expect(bytes.length).toBeLessThanOrEqual(PACKET_MAX_BYTES)
  })
})

describe('what can not be read', () => {
  const errorOf = (bytes: Uint8Array) => {
    const result = parsePacket(bytes)
    return 'error' in result ? result.error : null
  }
  const changed = (type: Packet['type'], at: number, value: number) => {
    const bytes = packets.find((packet) => packet.type === type)?.bytes.slice() ?? new Uint8Array()
    bytes[at] = value
    return errorOf(bytes)
  }

  test('[WF2] any bytes give a packet or an error, and nothing throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1300, size: 'max' }), (bytes) => {
        expect(parsePacket(bytes)).toSatisfy((result: object) => 'packet' in result || 'error' in result)
      }),
    )
  })

  test('[WF10] what can be read has exactly one form: encoding it again gives the same bytes', () => {
    const mutated = fc.tuple(
      fc.constantFrom(...packets),
      fc.array(fc.tuple(fc.nat({ max: 120 }), u8), { maxLength: 3 }),
      fc.option(fc.nat({ max: 120 })),
    )
    fc.assert(
      fc.property(mutated, ([{ bytes }, changes, cut]) => {
        const packet = bytes.slice(0, cut ?? undefined)
        for (const [at, value] of changes) if (at > 0 && at < packet.length) packet[at] = value
        const result = parsePacket(packet)
        if ('packet' in result) expect(toHex(encoded(result.packet))).toBe(toHex(packet))
      }),
      { numRuns: 2000 },
    )
  })

  test('[WF1] another version, an unknown type and lengths that no packet has are named', () => {
    const end = encodeEnd(ID, endOf({ packetsSent: 1 }))
    const withFirst = (first: number) => errorOf(Uint8Array.of(first, ...end.subarray(1)))
    expect(errorOf(end)).toBeNull()
    expect(withFirst(0x23)).toBe('unknown-version')
    expect(withFirst(0x1f)).toBe('unknown-type')
    expect(withFirst(0x10)).toBe('unknown-type')
    expect(errorOf(new Uint8Array())).toBe('too-short')
    expect(errorOf(end.subarray(0, 8))).toBe('too-short')
    expect(errorOf(new Uint8Array(PACKET_MAX_BYTES + 1).fill(0x12))).toBe('too-long')
  })

  test.each(packets)('[WF10] a $type cut short or with a byte more is refused', ({ type, bytes }) => {
    if (type === 'data') return expect(errorOf(bytes.subarray(0, 17))).toBe('too-short')
    if (type === 'preview' || type === 'index')
      return expect(errorOf(bytes.subarray(0, 11))).toBe('too-short')
    // A request may end after any run.
    const shorter = type === 'repair' ? [1, 3, 5] : [1, 2, bytes.length - 9]
    for (const less of shorter) expect(errorOf(bytes.subarray(0, bytes.length - less))).not.toBeNull()
    expect(errorOf(Uint8Array.of(...bytes, 1))).not.toBeNull()
  })

  test('[WF5] a data packet carries at most one chunk', () => {
    const bytes = new Uint8Array(17 + 1024)
    bytes[0] = 0x12
    expect(errorOf(bytes)).toBeNull()
    expect(errorOf(Uint8Array.of(...bytes, 0))).toBe('too-long')
  })

  test.each([
    ['mode 0', 9, 0, 'bad-field'],
    ['mode 4', 9, 4, 'bad-field'],
    ['type 4', 10, 4, 'bad-field'],
    ['two channels', 11, 2, 'bad-field'],
    ['a name longer than the packet', 12, 8, 'bad-length'],
    ['a name shorter than the packet', 12, 6, 'bad-length'],
    ['more bytes than chunks', 15, 0x0c, 'bad-field'],
    ['more chunks than bytes', 20, 4, 'bad-field'],
    ['a name that is not UTF-8', 75, 0x41, 'bad-name'],
    ['a placeholder of 33 bytes', 69, 33, 'bad-field'],
    ['a placeholder longer than the packet', 69, 5, 'bad-length'],
  ] as const)('[MF2] a MANIFEST with %s is malformed', (_what, at, value, error) => {
    expect(changed('manifest', at, value)).toBe(error)
  })

  test('[MF2] a MANIFEST of nothing, of too much, without width or at no time is malformed', () => {
    const bytes = packets[0]?.bytes ?? new Uint8Array()
    const withField = (at: number, fieldHex: string) => {
      const packet = bytes.slice()
      packet.set(fromHex(fieldHex), at)
      return errorOf(packet)
    }
    expect(withField(13, '00000000' + '00000000')).toBe('bad-field')
    expect(withField(13, '40000000' + '00100000')).toBeNull()
    expect(withField(13, '40000001' + '00100001')).toBe('bad-field')
    expect(withField(21, '00000000')).toBe('bad-field')
    expect(withField(25, '00000000')).toBe('bad-field')
    expect(withField(29, '7ff0000000000000')).toBe('bad-field')
    expect(withField(29, '7ff8000000000001')).toBe('bad-field')
  })

  test('[WF7] a REPORT that contradicts itself is malformed', () => {
    expect(changed('report', 9, 4)).toBe('bad-field')
    expect(changed('report', 10, 2)).toBe('bad-field')
    // More received than sent; more chunks from before than chunks; more bytes than the packets can hold.
    expect(changed('report', 17, 1)).toBe('bad-field')
    expect(changed('report', 37, 1)).toBe('bad-field')
    expect(changed('report', 50, 0x30)).toBe('bad-field')
    expect(changed('report', 49, 0xc1)).toBe('bad-field')
  })

  test('[WF6] [WF9] flags are 0 or 1, and reasons are known ones', () => {
    expect(changed('end', 11, 2)).toBe('bad-field')
    expect(changed('end', 12, 4)).toBe('bad-field')
    expect(changed('cancel', 9, 0)).toBe('bad-field')
    expect(changed('cancel', 9, 9)).toBe('bad-field')
    expect(changed('cancel', 10, 255)).toBe('bad-field')
  })

  test.each([
    ['no parts', '0001' + '00' + '00' + '0101', 'bad-field'],
    ['17 parts', '0001' + '00' + '11' + '0101', 'bad-field'],
    ['a part past the last', '0001' + '02' + '02' + '0101', 'bad-field'],
    ['nothing in it', '0001' + '00' + '01', 'too-short'],
    ['an empty run', '0001' + '00' + '01' + '0100', 'bad-runs'],
    ['runs that touch', '0001' + '00' + '01' + '0101' + '0001', 'bad-runs'],
    ['a number that does not end', '0001' + '00' + '01' + '01ff', 'bad-runs'],
    ['a number of six bytes', '0001' + '00' + '01' + '01' + '8080808080' + '01', 'bad-runs'],
    ['a padded number', '0001' + '00' + '01' + '01' + '8100', 'bad-runs'],
    ['a run past 2^32', '0001' + '00' + '01' + 'ffffffff0f' + '01', 'bad-runs'],
  ] as const)('[WF8] a request with %s is malformed', (_what, body, error) => {
    expect(errorOf(fromHex('15' + ID + body))).toBe(error)
  })
})
