import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { loadSigningKey } from './key-file'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shoal-key-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('the signing key', () => {
  it('is made on the first start and the same ever after', () => {
    const data = join(folder, 'deep', 'data')
    const first = loadSigningKey(data)
    const second = loadSigningKey(data)
    expect([first.existed, second.existed]).toEqual([false, true])
    expect(first.key).toHaveLength(32)
    expect(second.key.equals(first.key)).toBe(true)
    expect(readdirSync(data)).toEqual(['signing-key'])
  })

  it('is different in every folder', () => {
    const keys = ['a', 'b'].map((name) => loadSigningKey(join(folder, name)).key.toString('hex'))
    expect(keys[0]).not.toBe(keys[1])
  })

  it('can be read by its owner alone, also when someone opened it up', () => {
    loadSigningKey(join(folder, 'data'))
    const path = join(folder, 'data', 'signing-key')
    expect([modeOf(path), modeOf(join(folder, 'data'))]).toEqual(['600', '700'])
    chmodSync(path, 0o644)
    loadSigningKey(join(folder, 'data'))
    expect(modeOf(path)).toBe('600')
  })

  it('is never replaced behind one’s back when it is damaged', () => {
    writeFileSync(join(folder, 'signing-key'), 'short')
    expect(() => loadSigningKey(folder)).toThrow(/damaged; delete it/)
  })

  it('says so, at once, where the system allows no folder', () => {
    expect(() => loadSigningKey('/proc/shoal/data')).toThrow(/^the signing key at .* cannot be used: /)
  })

  it('says where it could not be kept', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => loadSigningKey(join(folder, 'file', 'data'))).toThrow(
      join(folder, 'file', 'data', 'signing-key'),
    )
  })
})
