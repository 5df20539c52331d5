import { describe, expect, it } from 'vitest'

import { isMessage, pageMessages, transferKeyOf } from './chat-entries'
import { chatMessage, transferView } from './fixtures'

describe('a picture without a message', () => {
  const early = chatMessage({ id: 'early', sentAtMs: 100 })
  const late = chatMessage({ id: 'late', sentAtMs: 300 })

  it('stands among the messages by its time', () => {
    const entries = pageMessages(
      [early, late],
      [transferView({ key: 'b', startedAtMs: 400 }), transferView({ key: 'a', startedAtMs: 200 })],
    )
    expect(entries.map(({ id }) => id)).toEqual(['early', 'transfer:a', 'late', 'transfer:b'])
    expect(entries.filter(isMessage)).toEqual([early, late])
    expect(entries.filter((entry) => !isMessage(entry)).map(transferKeyOf)).toEqual(['a', 'b'])
  })

  it('changes nothing when there is none', () => {
    const messages = [early, late]
    expect(pageMessages(messages, [])).toBe(messages)
  })
})
