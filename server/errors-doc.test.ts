import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { ERROR_CATALOGUE } from '@/lib/protocol/errors'

const DOC = readFileSync(join(import.meta.dirname, '../docs/errors.md'), 'utf8')

/** What stands under each heading of a code. */
const SECTIONS = DOC.split(/^### /m)
  .slice(1)
  .map((section) => {
    const [code = '', ...lines] = section.replace(/^## .*/m, '').split('\n')
    return { code, text: lines.join('\n').trim() }
  })

describe('docs/errors.md', () => {
  it('has a heading for each code of the catalogue, in its order, and for no other', () => {
    expect(SECTIONS.map(({ code }) => code)).toEqual(Object.keys(ERROR_CATALOGUE))
  })

  it.each(Object.entries(ERROR_CATALOGUE))(
    'says about %s what the page says, and when it comes',
    (code, entry) => {
      const text = SECTIONS.find((section) => section.code === code)?.text ?? ''
      const opening = `**${entry.message}**\n${entry.nextStep}\n\n`
      expect(text.slice(0, opening.length)).toBe(opening)
      expect(text.length).toBeGreaterThan(opening.length)
    },
  )
})
