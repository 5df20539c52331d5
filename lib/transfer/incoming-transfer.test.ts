import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { chunkOf, digestOf, ID, manifestOf } from '@/lib/protocol/fixtures'
import { PictureReceiver } from '@/lib/protocol/rx/picture-receiver'

import type { DigestService } from './digest'
import { IncomingTransfer } from './incoming-transfer'
import { PacketLog } from './packet-log'
import { PictureSight } from './picture-sight'

const HEAVY = 8 * 2 ** 20 + 1
const THERE = { isThere: true, isWaiting: false }

let shown: Blob[]

beforeEach(() => {
  shown = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${shown.push(blob as Blob) - 1}`)
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined)
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** A picture of which every chunk is here, and that is found to be exact. */
async function arrive(bytes: number, drawCopy: () => Promise<Blob | null>) {
  const content = new Uint8Array(bytes)
  content.set([0xff, 0xd8, 0xff, 0xe0])
  const core = new PictureReceiver(ID, manifestOf(bytes), {}, 0)
  for (let i = 0; i < core.manifest.chunkCount; i++) {
    core.handleData({ packetNumber: i, chunkIndex: i, payload: chunkOf(content, i) }, 10)
  }
  const options = {
    ...{ showHeld: () => expect.unreachable(), drawCopy, isVisible: () => true },
    schedule: () => () => undefined,
  }
  const sight = new PictureSight(core, options, () => 10, vi.fn())
  const transfer = new IncomingTransfer('s', 'BEN', core, new PacketLog(), sight)
  const service: DigestService = {
    readFile: () => expect.unreachable(),
    assemble: (pieces, type) =>
      Promise.resolve({
        sha256: digestOf(bytes),
        file: new Blob(pieces as Uint8Array<ArrayBuffer>[], { type }),
      }),
    close: () => undefined,
  }
  expect(await transfer.digest(service)).toBe(digestOf(bytes))
  const what = () => {
    const picture = transfer.view(20, THERE).picture
    return picture && { ...picture, shows: picture.url && shown[Number(picture.url.slice(5))] }
  }
  return { transfer, what }
}

describe('a picture that is whole', () => {
  it('is shown itself when it is light', async () => {
    const { transfer, what } = await arrive(300_000, () => expect.unreachable())
    expect(what()).toMatchObject({ complete: true, isCopy: false, shows: { size: 300_000 } })
    await transfer.showHeavy()
    expect(what()).toMatchObject({ isCopy: false, shows: { size: 300_000 } })
  })

  it('is shown by a copy when it is heavy, and saved itself', async () => {
    const copy = new Blob(['copy'])
    const { transfer, what } = await arrive(HEAVY, () => Promise.resolve(copy))
    expect(what()).toMatchObject({ complete: true, url: null, isCopy: false })
    await transfer.showHeavy()
    expect(what()).toMatchObject({ complete: true, isCopy: true, shows: copy })
    expect(shown[Number(what()?.fileUrl.slice(5))]?.size).toBe(HEAVY)
  })

  it.each([
    ['no copy', () => Promise.resolve(null)],
    ['no worker', () => Promise.reject(new Error('no worker'))],
  ])('is shown itself when there is %s', async (_what, drawCopy) => {
    const { transfer, what } = await arrive(HEAVY, drawCopy)
    await transfer.showHeavy()
    expect(what()).toMatchObject({ isCopy: false, shows: { size: HEAVY } })
  })

  it('is not shown any more when it was removed meanwhile', async () => {
    const { transfer, what } = await arrive(HEAVY, () => {
      transfer.close()
      return Promise.resolve(new Blob(['copy']))
    })
    const before = shown.length
    await transfer.showHeavy()
    expect(what()).toBeNull()
    expect(shown).toHaveLength(before)
  })
})
