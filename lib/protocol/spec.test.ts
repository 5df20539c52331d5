import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import * as constants from './constants'

const SPEC = readFileSync(join(import.meta.dirname, 'SPEC.md'), 'utf8')

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

function idsIn(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))].sort()
}

const sources = [
  import.meta.dirname,
  join(import.meta.dirname, '../sim'),
  join(import.meta.dirname, '../image/holes'),
  join(import.meta.dirname, '../../e2e/sim'),
]
  .flatMap(filesUnder)
  .filter((file) => file.endsWith('.ts'))
const rules = idsIn(SPEC, /^- \*\*([A-Z]{2}\d+)\*\*/gm)

test('every rule of the SPEC has a test, and every test that names a rule names one of them', () => {
  const tests = sources.filter((file) => file.endsWith('.test.ts')).map((file) => readFileSync(file, 'utf8'))
  expect(idsIn(tests.join('\n'), /\[([A-Z]{2}\d+)\]/g)).toEqual(rules)
})

test('the code refers to rules that exist', () => {
  const code = sources.filter((file) => !file.endsWith('.test.ts')).map((file) => readFileSync(file, 'utf8'))
  const references = [...code.join('\n').matchAll(/SPEC ((?:[A-Z]{2}\d+(?:, | to )?)+)/g)].flatMap(
    (match) => match[1]?.match(/[A-Z]{2}\d+/g) ?? [],
  )
  expect(references.length).toBeGreaterThan(20)
  expect(references.filter((id) => !rules.includes(id))).toEqual([])
})

test('the table of constants says what the code says', () => {
  const rows = [...SPEC.matchAll(/^\| ([A-Z]+_[A-Z_]+) +\| ([^|]+?) +\|/gm)].map((match) => [
    match[1],
    match[2],
  ])
  const shown = Object.entries(constants)
    .filter(([name]) => name !== 'PROTOCOL_VERSION')
    .map(([name, value]) => [name, value])
  const read = (text = '') => {
    const [, power] = /^2\^(\d+)$/.exec(text) ?? []
    if (power) return 2 ** Number(power)
    const [, mebibytes] = /^(\d+) MiB$/.exec(text) ?? []
    return mebibytes ? Number(mebibytes) * 2 ** 20 : Number(text.replaceAll(' ', ''))
  }
  expect(new Map(rows.map(([name, text]) => [name, read(text)]))).toEqual(
    new Map(shown as [string, number][]),
  )
})
