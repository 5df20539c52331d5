import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const SPEC = readFileSync(join(import.meta.dirname, 'SPEC.md'), 'utf8')

const sources = ['.', '../room', '../react'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name)),
)
const rules = idsIn(SPEC, /^- \*\*(CH\d+)\*\*/gm)

function idsIn(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))].sort()
}

function read(files: readonly string[]): string {
  return files.map((file) => readFileSync(file, 'utf8')).join('\n')
}

test('every rule of the SPEC has a test, and every test that names a rule names one of them', () => {
  const tests = read(sources.filter((file) => file.endsWith('.test.ts')))
  expect(rules.length).toBeGreaterThan(10)
  expect(idsIn(tests, /\[(CH\d+)\]/g)).toEqual(rules)
})

test('the code refers to rules that exist', () => {
  const code = read(sources.filter((file) => !file.endsWith('.test.ts')))
  const references = idsIn(code, /\b(CH\d+)\b/g)
  expect(references.length).toBeGreaterThan(3)
  expect(references.filter((id) => !rules.includes(id))).toEqual([])
})
