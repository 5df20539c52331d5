import { beforeEach, describe, expect, it } from 'vitest'

import type { KeptPicture, PictureStore } from '@/lib/transfer/kept/kept-picture'

import { KeptPictures } from './kept-pictures'

let opened: string[]
let answers: ((pictures: readonly KeptPicture[]) => void)[]
let shown: (readonly KeptPicture[])[]
let kept: KeptPictures

beforeEach(() => {
  opened = []
  answers = []
  shown = []
  const store: PictureStore = {
    open: (room) => {
      opened.push(room)
      return new Promise((resolve) => answers.push(resolve))
    },
    keep: () => Promise.resolve(),
    drop: () => Promise.resolve(),
    clear: () => Promise.resolve(),
    close: () => undefined,
  }
  kept = new KeptPictures(store, (pictures) => shown.push(pictures))
})

describe('pictures of a room', () => {
  it('are shown once, however often the page enters it', async () => {
    const entered = kept.enter('here')
    await kept.enter('here')
    answers[0]!([])
    await entered
    expect([opened, shown]).toEqual([['here'], [[]]])
  })

  it('are not shown when the page has left it before they were read', async () => {
    const here = kept.enter('here')
    const there = kept.enter('there')
    answers[0]!([])
    await here
    kept.leave()
    answers[1]!([])
    await there
    expect([opened, shown]).toEqual([['here', 'there'], []])
  })
})
