import { describe, expect, it, vi } from 'vitest'

import type { RoomChat } from '@/lib/room/types'
import type { OutgoingPicture, TransferView } from '@/lib/transfer/types'

import { memberView, roomState, transferView } from './fixtures'
import type { DeskView } from './outbox'
import { RoomOutbox } from './room-outbox'

const ORDER = { mode: 'assured', to: null, startedAtMs: 5 } as const
const SHA256 = 'c'.repeat(64)
const pictureOf = (name: string): OutgoingPicture => ({
  file: new Blob(['12345']),
  name,
  type: 'image/jpeg',
  width: 2,
  height: 1,
  channels: 3,
})

function setUp(desk: Partial<DeskView>, digest = () => Promise.resolve(SHA256)) {
  let state: DeskView = { pickId: 1, picture: null, errorCode: null, waiting: [], ...desk }
  let transfers: readonly TransferView[] = []
  const listeners = new Set<() => void>()
  const change = () => {
    for (const listener of [...listeners]) listener()
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const sendPicture = vi.fn<RoomChat['sendPicture']>(() => null)
  const send = vi.fn((_: { peerId?: string }) => {
    transfers = [transferView({ key: `t${send.mock.calls.length}`, direction: 'send', state: 'sending' })]
    return transfers.map(({ key }) => key)
  })
  const set = (next: Partial<DeskView>) => {
    state = { ...state, ...next }
    change()
  }
  const clear = vi.fn(() => set({ picture: null, pickId: state.pickId + 1 }))
  const outbox = new RoomOutbox({
    room: {
      chat: { sendPicture } as Partial<RoomChat> as RoomChat,
      getState: () => roomState({ role: 'member', members: [memberView()], transfers }),
      subscribe,
      send,
    },
    desk: {
      getState: () => state,
      subscribe,
      advance: () => set({ picture: pictureOf('second.jpg'), waiting: [] }),
      clear,
    },
    digest,
    onSent: vi.fn(),
  })
  outbox.watch()
  const finish = () => {
    transfers = transfers.map((transfer) => ({ ...transfer, state: 'done' }))
    change()
  }
  return { outbox, set, send, sendPicture, clear, finish }
}

/** Lets what was promised happen; no clock is involved. */
const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

describe('a picture for the room', () => {
  it('becomes a message with its digest, and then a transfer', async () => {
    const { outbox, send, sendPicture, clear } = setUp({ picture: pictureOf('first.jpg') })
    outbox.press(ORDER)
    await settled()
    expect(sendPicture).toHaveBeenCalledWith({
      picture: {
        sha256: SHA256,
        name: 'first.jpg',
        type: 'image/jpeg',
        bytes: 5,
        width: 2,
        height: 1,
        placeholder: '',
      },
    })
    expect(send).toHaveBeenCalledTimes(1)
    expect(clear).toHaveBeenCalledTimes(1)
    expect(outbox.getState()).toEqual({ armed: null, errorCode: null })
  })

  it('waits until it is ready', async () => {
    const { outbox, set, send } = setUp({})
    outbox.press(ORDER)
    await settled()
    expect(send).not.toHaveBeenCalled()
    set({ picture: pictureOf('first.jpg') })
    await settled()
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('goes to one alone by its device, and by its place now', async () => {
    const { outbox, send, sendPicture } = setUp({ picture: pictureOf('first.jpg') })
    outbox.press({ ...ORDER, to: memberView().identity })
    await settled()
    expect(sendPicture.mock.calls[0]?.[0].to).toBe(memberView().identity)
    expect(send.mock.calls[0]?.[0].peerId).toBe('p1')
  })

  it('that is the second of two waits for the first', async () => {
    const { outbox, send, finish } = setUp({ picture: pictureOf('first.jpg'), waiting: [new File([], 'b')] })
    outbox.press(ORDER)
    await settled()
    expect(send).toHaveBeenCalledTimes(1)
    finish()
    await settled()
    expect(send).toHaveBeenCalledTimes(2)
    expect(outbox.getState().armed).toBeNull()
  })

  it('stays where it is when it cannot be read', async () => {
    const { outbox, send, clear } = setUp({ picture: pictureOf('first.jpg') }, () =>
      Promise.reject(new Error('gone')),
    )
    outbox.press(ORDER)
    await settled()
    expect(outbox.getState()).toEqual({ armed: null, errorCode: 'SHOAL_FILE_UNREADABLE' })
    expect(send).not.toHaveBeenCalled()
    expect(clear).not.toHaveBeenCalled()
  })

  it('is not sent when the press was taken back', async () => {
    const { outbox, set, send } = setUp({})
    outbox.press(ORDER)
    outbox.disarm()
    set({ picture: pictureOf('first.jpg') })
    await settled()
    expect(send).not.toHaveBeenCalled()
  })
})
