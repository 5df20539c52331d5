import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { DEFAULT_LAB_LIMITS } from './lab-limits'

const DOC = readFileSync(join(import.meta.dirname, '../../docs/lab.md'), 'utf8')

it('docs/lab.md lists every limit with its default', () => {
  const [, table = ''] = DOC.split(/^\| limit .*\n\|[-| :]+\n/m)
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n')
  const limits = rows.map((row) => {
    const [, name = '', value = ''] = row.split('|').map((cell) => cell.trim())
    return [name.replaceAll('`', ''), Number(value)]
  })
  expect(Object.fromEntries(limits)).toEqual(DEFAULT_LAB_LIMITS)
})
