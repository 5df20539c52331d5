import { describe, expect, it } from 'vitest'

import type { ChatMessage } from '@/lib/chat/types'

import { exportRoom } from './export-document'

const AUTHOR = 'a'.repeat(64)
const NOW_MS = Date.UTC(2026, 10, 26, 9, 30)
const TEXT: ChatMessage = {
  ...{ id: 'm1', author: AUTHOR, authorName: 'Ada', own: true, sentAtMs: NOW_MS - 1000, to: null },
  ...{ body: { type: 'text', text: 'hello' }, deleted: false, mentionsMe: false, delivered: null },
}
const PICTURE: ChatMessage = {
  ...TEXT,
  id: 'm2',
  to: 'b'.repeat(64),
  body: {
    type: 'picture',
    picture: {
      ...{ sha256: '0'.repeat(64), name: 'boat.png', type: 'image/png', bytes: 9, width: 3, height: 2 },
      placeholder: 'AAAA',
    },
  },
}

function save(messages: readonly ChatMessage[], title = 'Harbour') {
  return exportRoom({ code: 'K7QM3-XTR9B', title, messages, nowMs: NOW_MS })
}

describe('the exported messages of a room', () => {
  it('are one JSON document, without what was deleted', () => {
    const { text } = save([TEXT, PICTURE, { ...TEXT, id: 'm3', deleted: true }])
    expect(JSON.parse(text)).toEqual({
      format: 'shoal-room',
      version: 1,
      room: { code: 'K7QM3-XTR9B', title: 'Harbour' },
      exportedAt: '2026-11-26T09:30:00.000Z',
      messages: [
        {
          ...{ id: 'm1', author: AUTHOR, authorName: 'Ada', sentAt: '2026-11-26T09:29:59.000Z', to: null },
          ...{ text: 'hello', picture: null },
        },
        {
          ...{ id: 'm2', author: AUTHOR, authorName: 'Ada', sentAt: '2026-11-26T09:29:59.000Z' },
          ...{ to: 'b'.repeat(64), text: null },
          picture: {
            ...{ sha256: '0'.repeat(64), name: 'boat.png', type: 'image/png', bytes: 9, width: 3, height: 2 },
          },
        },
      ],
    })
  })

  it('have a file name that every system takes', () => {
    expect(save([]).name).toBe('shoal-Harbour-2026-11-26.json')
    expect(save([], '../..\\Été à la mer: 🐟?').name).toBe('shoal-Été-à-la-mer-2026-11-26.json')
    expect(save([], '').name).toBe('shoal-K7QM3-XTR9B-2026-11-26.json')
    expect(save([], 'x'.repeat(500)).name.length).toBeLessThan(90)
  })
})
