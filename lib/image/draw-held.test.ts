import { beforeEach, describe, expect, it, vi } from 'vitest'

import { drawHeld } from './draw-held'
import { runImageTask } from './worker/bridge'
import type { PieceOfPicture } from './worker/show-held'

vi.mock('./worker/bridge', () => ({ runImageTask: vi.fn(() => Promise.resolve(null)) }))

function pieceOf(pieces: PieceOfPicture['pieces']): PieceOfPicture {
  return {
    ...{ pieces, bytes: 12, held: Uint8Array.of(7), index: [], isOver: false, width: 4, height: 3 },
    ...{ preview: null, placeholder: '' },
  }
}

beforeEach(() => {
  vi.clearAllMocks()
})

describe('drawHeld', () => {
  it('moves copies of the pieces to the worker, one a task', async () => {
    const pieces = [Uint8Array.of(1, 2), null, Uint8Array.of(3)]
    const pause = vi.fn(() => Promise.resolve())
    await drawHeld(new AbortController().signal, pieceOf(pieces), pause)
    expect(pause).toHaveBeenCalledTimes(2)
    const [call] = vi.mocked(runImageTask).mock.calls
    const sent = (call?.[2] as PieceOfPicture).pieces
    expect(sent).toEqual(pieces)
    expect(sent[0]).not.toBe(pieces[0])
    expect(call?.[3]).toEqual([sent[0]?.buffer, sent[2]?.buffer])
  })

  it('rejects when the picture is taken away or aborted meanwhile', async () => {
    const last = Uint8Array.of(3)
    const takeAway = () => Promise.resolve(void structuredClone(last, { transfer: [last.buffer] }))
    const picture = pieceOf([Uint8Array.of(1), last])
    await expect(drawHeld(new AbortController().signal, picture, takeAway)).rejects.toThrow(TypeError)
    const abort = new AbortController()
    const stop = () => Promise.resolve(abort.abort(new Error('closed')))
    await expect(drawHeld(abort.signal, pieceOf([Uint8Array.of(1)]), stop)).rejects.toThrow('closed')
    expect(runImageTask).not.toHaveBeenCalled()
  })
})
