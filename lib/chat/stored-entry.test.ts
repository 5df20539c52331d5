import { expect, it } from 'vitest'

import { hiddenToStored, parseHidden } from './stored-entry'

it('[CH10] a message that is hidden here is kept as that, and nothing else is taken for it', () => {
  const { id, text } = hiddenToStored('a-b-0')
  expect(id).toBe('hide-a-b-0')
  expect(parseHidden(text)).toBe('a-b-0')
  for (const other of ['', 'null', '[]', '{"hide":1}', '{"show":"a"}', '{'])
    expect(parseHidden(other)).toBeNull()
})
