import { describe, expect, test } from 'vitest'

import { BlockLayout } from '../code/block-layout'
import type { Manifest } from '../packet/manifest'
import type { SymbolPacket } from '../packet/symbol'
import { EarlySymbols } from './early-symbols'
import { PictureReceiver } from './picture-receiver'

const BYTES = 2500
const manifest: Manifest = {
  mode: 'assured',
  type: 'image/jpeg',
  name: 'reef.jpg',
  bytes: BYTES,
  chunkCount: 3,
  width: 1,
  height: 1,
  channels: 3,
  startedAtMs: 0,
  sha256: '0'.repeat(64),
  placeholder: '',
}

function symbol(changes: Partial<SymbolPacket> = {}): SymbolPacket {
  return {
    packetNumber: 0,
    block: 0,
    symbolId: 0,
    sentAtTenths: 0,
    payload: new Uint8Array(1024),
    ...changes,
  }
}

const receiver = () => new PictureReceiver('0123456789abcdef', manifest, {}, 0)

describe('symbols of a picture of three chunks, the last of 452 bytes', () => {
  test.each([
    ['a block that it does not have', { block: 1 }],
    ['a last chunk that is too long', { symbolId: 2 }],
    ['a short chunk that is not the last', { symbolId: 1, payload: new Uint8Array(452) }],
    ['a short coded symbol', { symbolId: 9, payload: new Uint8Array(452) }],
    ['an id beyond any code', { symbolId: 65_536 }],
    ['a packet number past the bound', { packetNumber: 64 * 3 + 1024 }],
  ] as const)('[AS5] %s is invalid and counts as nothing else', (_, changes) => {
    const rx = receiver()
    rx.handleSymbol(symbol(changes), 1)
    expect(rx.invalid).toBe(1)
    expect(rx.status()).toMatchObject({ packetsReceived: 0, chunksHeld: 0 })
  })

  test('[AS4] as many symbols as chunks ask for one decoding, which fills the holes', () => {
    const rx = receiver()
    rx.handleSymbol(symbol({ packetNumber: 0, symbolId: 0 }), 1)
    rx.handleSymbol(symbol({ packetNumber: 1, symbolId: 7 }), 1)
    expect(rx.pollDecode()).toBeNull()
    rx.handleSymbol(symbol({ packetNumber: 2, symbolId: 8 }), 1)
    const job = rx.pollDecode()
    expect(job?.symbols.map(({ id }) => id)).toEqual([0, 7, 8])
    expect(rx.pollDecode()).toBeNull()
    rx.handleDecoded(0, new Uint8Array(3 * 1024).fill(5), 2)
    expect(rx.assembler.whole).toBe(true)
    expect(rx.assembler.chunk(2)).toEqual(new Uint8Array(452).fill(5))
    expect(rx.status()).toMatchObject({ packetsReceived: 3, chunksHeld: 3 })
  })

  test('[AS4] symbols that do not suffice ask for one more', () => {
    const rx = receiver()
    for (let i = 0; i < 3; i++) rx.handleSymbol(symbol({ packetNumber: i, symbolId: 5 + i }), 1)
    expect(rx.pollDecode()).not.toBeNull()
    rx.handleDecoded(0, null, 2)
    expect(rx.pollDecode()).toBeNull()
    rx.handleSymbol(symbol({ packetNumber: 3, symbolId: 9 }), 3)
    expect(rx.pollDecode()?.symbols).toHaveLength(4)
  })

  test('[AS4] a decoding of the wrong length changes nothing', () => {
    const rx = receiver()
    for (let i = 0; i < 3; i++) rx.handleSymbol(symbol({ packetNumber: i, symbolId: 5 + i }), 1)
    rx.pollDecode()
    rx.handleDecoded(0, new Uint8Array(1024), 2)
    expect(rx.assembler.held).toBe(0)
  })
})

test('[AS7] symbols that come before their MANIFEST are kept, the newest 128', () => {
  const early = new EarlySymbols()
  for (let i = 0; i < 130; i++) early.keep('a', symbol({ packetNumber: i }))
  early.keep('b', symbol({ packetNumber: 999 }))
  expect(early.take('a').map(({ packetNumber }) => packetNumber)).toEqual(
    Array.from({ length: 127 }, (_, i) => i + 3),
  )
  expect(early.take('a')).toEqual([])
  expect(early.take('b')).toHaveLength(1)
})

test('blocks share a picture’s chunks evenly and without gaps', () => {
  for (const chunkCount of [1, 1023, 1024, 1025, 1954, 262_144]) {
    const layout = new BlockLayout(chunkCount)
    let next = 0
    for (let block = 0; block < layout.blockCount; block++) {
      expect(layout.start(block)).toBe(next)
      expect(layout.size(block)).toBeLessThanOrEqual(1024)
      expect(layout.blockOf(next)).toBe(block)
      next += layout.size(block)
      expect(layout.blockOf(next - 1)).toBe(block)
    }
    expect(next).toBe(chunkCount)
  }
})
