import { describe, expect, it } from 'vitest'

import type { ChatPicture } from '@/lib/chat/types'

import { chatMessage, transferView } from './fixtures'
import { arrivals, shownTransfer, transfersByMessage } from './message-transfers'

const picture: ChatPicture = {
  sha256: 'c'.repeat(64),
  name: 'harbour.jpg',
  type: 'image/jpeg',
  bytes: 300_000,
  width: 800,
  height: 600,
  placeholder: '',
}
const shown = (id: string, sentAtMs: number, own = false) =>
  chatMessage({ id, sentAtMs, own, body: { type: 'picture', picture } })
const whole = { url: null, isCopy: false, fileUrl: '', fileName: '', complete: true }

describe('the transfers of a message', () => {
  it('are those of its picture, in its direction', () => {
    const received = transferView({ key: 'r' })
    const sent = transferView({ key: 's', direction: 'send' })
    const { byMessage, others } = transfersByMessage(
      [shown('own', 0, true), shown('his', 0)],
      [received, sent],
    )
    expect(byMessage.get('own')).toEqual([sent])
    expect(byMessage.get('his')).toEqual([received])
    expect(others).toEqual([])
  })

  it('go to the message that was written when they began, if a picture was sent twice', () => {
    const early = transferView({ key: 'a', startedAtMs: 1100 })
    const late = transferView({ key: 'b', startedAtMs: 9000 })
    const { byMessage } = transfersByMessage([shown('one', 1000), shown('two', 9100)], [late, early])
    expect(byMessage.get('one')).toEqual([early])
    expect(byMessage.get('two')).toEqual([late])
  })

  it('are not those of another picture of the same shape and name', () => {
    const other = transferView({ picture: { ...whole, sha256: 'd'.repeat(64) } })
    expect(transfersByMessage([shown('one', 0)], [other]).others).toEqual([other])
  })

  it('are not shown for a message that was taken back', () => {
    const deleted = chatMessage({ deleted: true })
    expect(transfersByMessage([deleted], [transferView()]).others).toHaveLength(1)
  })
})

describe('the transfer that is shown', () => {
  it('is the whole one before one that began later', () => {
    const done = transferView({ key: 'd', picture: { ...whole, sha256: picture.sha256 } })
    expect(shownTransfer([transferView({ state: 'failed' }), done])).toBe(done)
  })

  it('is the one under way before one that failed', () => {
    const running = transferView({ key: 'r' })
    expect(shownTransfer([transferView({ state: 'failed' }), running])).toBe(running)
    expect(shownTransfer([])).toBeNull()
  })
})

describe('the arrivals of a picture', () => {
  it('count each receiver once, by its latest try', () => {
    expect(
      arrivals([
        transferView({ peerId: 'a', state: 'done' }),
        transferView({ peerId: 'b', state: 'failed' }),
        transferView({ peerId: 'b', state: 'done' }),
      ]),
    ).toEqual({ exact: 1, of: 2 })
  })
})
