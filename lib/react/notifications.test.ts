import { describe, expect, it } from 'vitest'

import type { ChatMessage } from '@/lib/chat/types'

import { NewMessages, type NoticeContext, noticeOf } from './notifications'

function message(id: string, text: string, rest: Partial<ChatMessage> = {}): ChatMessage {
  return {
    ...{ id, author: 'a'.repeat(64), authorName: 'Ada', own: false, sentAtMs: 1, to: null },
    ...{ body: { type: 'text', text }, deleted: false, mentionsMe: false, delivered: null },
    ...rest,
  }
}

const CONTEXT: NoticeContext = {
  room: { code: 'K7QM3-XTR9B', title: 'Harbour' },
  choice: { about: 'everything', withText: true },
  visible: false,
  allowed: true,
}
const HELLO = message('1', 'hello')

describe('what is new', () => {
  it('is what others wrote since the page is in the room, once', () => {
    const news = new NewMessages()
    const kept = message('0', 'kept')
    expect(news.take([kept], false)).toEqual([])
    expect(news.take([kept, HELLO, message('2', 'mine', { own: true })], true)).toEqual([HELLO])
    expect(news.take([kept, HELLO], true)).toEqual([])
    expect(news.take([kept, HELLO, message('3', '', { deleted: true })], true)).toEqual([])
  })
})

describe('a system notification', () => {
  it('says who wrote what, and where', () => {
    expect(noticeOf([HELLO], CONTEXT)).toEqual({
      title: 'Ada · Harbour',
      body: 'hello',
      tag: 'K7QM3-XTR9B',
    })
    expect(noticeOf([HELLO], { ...CONTEXT, room: { ...CONTEXT.room, title: '' } })?.title).toBe(
      'Ada · K7QM3-XTR9B',
    )
  })

  it('is not shown while the page is looked at, without permission, by default, or without news', () => {
    expect(noticeOf([HELLO], { ...CONTEXT, visible: true })).toBeNull()
    expect(noticeOf([HELLO], { ...CONTEXT, allowed: false })).toBeNull()
    expect(noticeOf([HELLO], { ...CONTEXT, choice: { about: 'nothing', withText: true } })).toBeNull()
    expect(noticeOf([], CONTEXT)).toBeNull()
  })

  it('is only of what is meant for this member where that was chosen', () => {
    const context: NoticeContext = { ...CONTEXT, choice: { about: 'mentions', withText: true } }
    expect(noticeOf([HELLO], context)).toBeNull()
    const mention = message('2', 'come, @Ben', { mentionsMe: true })
    expect(noticeOf([mention, HELLO], context)?.body).toBe('come, @Ben')
    expect(noticeOf([message('3', 'to you', { to: 'b'.repeat(64) })], context)?.body).toBe('to you')
  })

  it('is one for many messages, of the newest', () => {
    const many = [HELLO, message('2', 'again')]
    expect(noticeOf(many, CONTEXT)).toMatchObject({ title: 'Ada · Harbour (2 new messages)', body: 'again' })
  })

  it('has neither name nor text where others may see the screen', () => {
    const context: NoticeContext = { ...CONTEXT, choice: { about: 'everything', withText: false } }
    expect(noticeOf([HELLO], context)).toEqual({
      title: 'Harbour',
      body: 'A new message',
      tag: 'K7QM3-XTR9B',
    })
    expect(noticeOf([HELLO, message('2', 'secret')], context)?.body).toBe('2 new messages')
  })

  it('is short, and whole characters', () => {
    const body = noticeOf([message('1', `a\n\n  ${'🐟'.repeat(300)}`)], CONTEXT)?.body ?? ''
    expect(Array.from(body)).toHaveLength(140)
    expect(body.startsWith('a 🐟')).toBe(true)
    expect(body.endsWith('🐟…')).toBe(true)
  })

  it('names a picture', () => {
    const picture = {
      ...{ sha256: '', name: 'boat.png', type: 'image/png', bytes: 1, width: 1, height: 1, placeholder: '' },
    }
    expect(noticeOf([message('1', '', { body: { type: 'picture', picture } })], CONTEXT)?.body).toBe(
      'Picture: boat.png',
    )
  })
})
