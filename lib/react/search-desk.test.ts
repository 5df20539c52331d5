import { describe, expect, it } from 'vitest'

import type { ChatMessage } from '@/lib/chat/types'

import { SearchDesk } from './search-desk'

const ADA = { id: 'a'.repeat(64), name: 'Ada' }

function message(id: string, text: string): ChatMessage {
  return {
    ...{ id, author: ADA.id, authorName: ADA.name, own: false, sentAtMs: 1, to: null },
    ...{ body: { type: 'text', text }, deleted: false, mentionsMe: false, delivered: null },
  }
}

/** A desk whose tasks run when the test says so. */
function openDesk() {
  const tasks: (() => void)[] = []
  const desk = new SearchDesk((task) => {
    tasks.push(task)
    return () => void tasks.splice(tasks.indexOf(task), 1)
  })
  return { desk, tasks, ids: () => desk.getState().messages.map(({ id }) => id) }
}

describe('a search box', () => {
  it('finds messages and members, and follows the room', () => {
    const { desk, ids } = openDesk()
    desk.handleRoom([message('1', 'to ada')], [ADA])
    expect(desk.getState()).toMatchObject({ messages: [], members: [] })
    desk.ask('ada')
    expect(ids()).toEqual(['1'])
    expect(desk.getState().members).toMatchObject([ADA])

    desk.handleRoom([message('2', 'ada again')], [ADA])
    expect(ids()).toEqual(['2'])
    desk.ask('')
    expect(desk.getState()).toMatchObject({ messages: [], members: [] })
  })

  it('finds by a filter alone', () => {
    const { desk, ids } = openDesk()
    desk.handleRoom([message('1', 'one')], [])
    desk.ask('', { author: ADA.id })
    expect(ids()).toEqual(['1'])
  })

  it('indexes a long history in many tasks, and says while it does', () => {
    const { desk, tasks, ids } = openDesk()
    desk.handleRoom(
      Array.from({ length: 1000 }, (_, at) => message(`m${at}`, `number ${at}`)),
      [],
    )
    expect(tasks).toHaveLength(0)
    desk.ask('999')
    expect(desk.getState()).toMatchObject({ messages: [], indexing: true })
    let count = 0
    for (let task = tasks.shift(); task; task = tasks.shift(), count++) task()
    expect(count).toBe(9)
    expect(ids()).toEqual(['m999'])
    expect(desk.getState().indexing).toBe(false)
  })

  it('does nothing more once it is closed', () => {
    const { desk, tasks } = openDesk()
    desk.handleRoom(
      Array.from({ length: 1000 }, (_, at) => message(`m${at}`, `number ${at}`)),
      [],
    )
    desk.ask('number')
    expect(tasks).toHaveLength(1)
    desk.close()
    expect(tasks).toHaveLength(0)
  })
})
