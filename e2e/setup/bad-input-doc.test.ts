import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const rows = readFileSync(join(ROOT, 'docs/bad-input.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\|(?! *(Input|---))/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))

describe('docs/bad-input.md', () => {
  it.each(rows.map(([, input = '', outcome = '', test = '']) => ({ input, outcome, test })))(
    'names an outcome and tests that exist for: $input',
    ({ outcome, test }) => {
      expect(outcome).not.toBe('')
      const named = [...test.matchAll(/`([^`]+)`((?: “[^”]+”)*)/g)]
      expect(named.length).toBeGreaterThan(0)
      for (const [, path = '', titles = ''] of named) {
        expect(existsSync(join(ROOT, path)), path).toBe(true)
        const source = readFileSync(join(ROOT, path), 'utf8')
        for (const [, title = ''] of titles.matchAll(/“([^”]+)”/g)) expect(source, path).toContain(title)
      }
    },
  )
})
