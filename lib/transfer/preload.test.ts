import { describe, expect, it, vi } from 'vitest'

import type { DigestService } from './digest'
import type { ErasureCode } from './erasure-code'
import { Preload } from './preload'

function setUp() {
  const readFile = vi.fn(async (file: Blob) => ({
    sha256: 'a'.repeat(64),
    bytes: new Uint8Array(await file.arrayBuffer()),
  }))
  const digest: DigestService = {
    readFile,
    assemble: () => Promise.reject(new Error('not asked for')),
    close: () => undefined,
  }
  const encode = vi.fn<ErasureCode['encode']>(({ count, size }) =>
    Promise.resolve(Array.from({ length: count }, (_, i) => ({ id: size + i, bytes: new Uint8Array(1024) }))),
  )
  const code: ErasureCode = { encode, decode: () => Promise.resolve(null), close: () => undefined }
  return { preload: new Preload(digest, code), readFile, encode }
}

describe('Preload', () => {
  it('reads and encodes a picture once, however often it is said to be the next', async () => {
    const { preload, readFile, encode } = setUp()
    const file = new Blob([new Uint8Array(3000)])
    void preload.prepare(file, true, 0)
    void preload.prepare(file, true, 0.2)
    const loaded = await preload.take(file)
    expect(loaded.bytes).toHaveLength(3000)
    expect(loaded.coded.map((symbols) => symbols.length)).toEqual([16])
    expect([readFile, encode].map((mock) => mock.mock.calls.length)).toEqual([1, 1])
  })

  it('gives a picture away: the next time it is read anew', async () => {
    const { preload, readFile } = setUp()
    const file = new Blob([new Uint8Array(10)])
    void preload.prepare(file, false, 0)
    await preload.take(file)
    await preload.take(file)
    expect(readFile).toHaveBeenCalledTimes(2)
  })

  it('makes more symbols for a path that loses more', async () => {
    const { preload, encode } = setUp()
    const file = new Blob([new Uint8Array(300_000)])
    void preload.prepare(file, true, 0.2)
    await preload.take(file)
    // 0.2 / 0.8 of a block's 147 or 146 chunks would only just do; half as many again are made.
    expect(encode.mock.calls.map(([{ count }]) => count)).toEqual([56, 55])
  })

  it('does not hold a large picture for a click that may never come', async () => {
    const { preload, readFile } = setUp()
    void preload.prepare({ size: 2 ** 26 } as Blob, true, 0)
    expect(readFile).not.toHaveBeenCalled()
    void preload.prepare(null, false, 0)
    await preload.take(new Blob([new Uint8Array(5)]))
    expect(readFile).toHaveBeenCalledTimes(1)
  })

  it('says when everything is prepared', async () => {
    const { preload, readFile, encode } = setUp()
    const file = new Blob([new Uint8Array(3000)])
    await preload.prepare(file, true, 0)
    expect(encode).toHaveBeenCalledTimes(1)
    await preload.prepare(file, true, 0)
    expect((await preload.take(file)).coded).toHaveLength(1)
    expect([readFile, encode].map((mock) => mock.mock.calls.length)).toEqual([1, 1])
    readFile.mockRejectedValueOnce(new Error('gone'))
    await expect(preload.prepare(new Blob(['x']), true, 0)).resolves.toBeUndefined()
  })

  it('tells who takes it, and nobody else, that the file could not be read', async () => {
    const { preload, readFile } = setUp()
    readFile.mockRejectedValueOnce(new Error('gone'))
    const file = new Blob(['x'])
    void preload.prepare(file, false, 0)
    await expect(preload.take(file)).rejects.toThrow('gone')
  })
})
