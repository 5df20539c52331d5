import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { clientMessageSchema, serverMessageSchema } from '@/lib/signalling/messages'

import { DEFAULT_LIMITS } from './limits'
import { CLOSE } from './outgoing'

const DOC = readFileSync(join(import.meta.dirname, '../docs/signalling.md'), 'utf8')

/** The first cell of each row of the table that begins with this heading, with the whole row. */
function rowsOf(heading: string): Map<string, string> {
  const [, table = ''] = DOC.split(new RegExp(`^\\| ${heading} .*\\n\\|[-| ]+\\n`, 'm'))
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n')
  return new Map(rows.map((row) => [row.split('|')[1]?.trim().replaceAll('`', '') ?? '', row]))
}

describe('docs/signalling.md', () => {
  it('lists every limit with its default', () => {
    const rows = [...rowsOf('limit')].map(([name, row]) => [name, Number(row.split('|')[2])])
    expect(Object.fromEntries(rows)).toEqual(DEFAULT_LIMITS)
  })

  it.each([
    ['from a page', clientMessageSchema],
    ['from the server', serverMessageSchema],
  ])('lists every message %s with all its fields', (heading, schema) => {
    const rows = rowsOf(heading)
    expect([...rows.keys()]).toEqual(schema.options.map(({ shape }) => shape.type.value))
    for (const { shape } of schema.options) {
      const { type, ...fields } = shape
      const named = rows.get(type.value)?.split('|')[2] ?? ''
      for (const field of Object.keys(fields)) expect(named).toMatch(new RegExp(`\`${field}\\??\``))
    }
  })

  it('lists every close code of the hub', () => {
    const codes = [...rowsOf('close code').keys()].map(Number)
    for (const code of Object.values(CLOSE)) expect(codes).toContain(code)
  })
})
