import { join } from 'node:path'

import { ESLint } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'

import { FOREIGN_TO_PURE_CODE } from './import-zones.mjs'

const ROOT = join(import.meta.dirname, '../..')

// Rules that need types load the whole program; what is tested here needs none.
const eslint = new ESLint({ cwd: ROOT, overrideConfig: tseslint.configs.disableTypeChecked })

describe('the one-way imports', () => {
  it.each([
    ['lib/protocol/probe.ts', '@/lib/transfer/types'],
    ['lib/protocol/probe.ts', '../transfer/types'],
    ['lib/sim/probe.ts', '@/lib/transfer/types'],
    ['lib/keys/probe.ts', '@/lib/peer/clock'],
    ['lib/peer/probe.ts', '@/lib/transfer/types'],
    ['lib/image/probe.ts', '@/lib/transfer/types'],
    ['lib/signalling/probe.ts', '@/lib/image/outgoing-picture'],
    ['lib/transfer/probe.ts', '@/lib/room/types'],
    ['lib/transfer/probe.ts', '@/app/layout'],
    ['lib/react/probe.ts', '@/app/layout'],
    ['server/probe.ts', '@/lib/transfer/types'],
    ['server/probe.ts', '@/lib/protocol/report'],
    ['server/probe.ts', '@/app/layout'],
    ['server/probe.ts', '@/lib/sim/network-model'],
    ['server/testing/probe.ts', '@/lib/transfer/types'],
    ['server/lab/probe.ts', '@/lib/transfer/types'],
    ['lib/lab/probe.ts', '@/lib/room/types'],
    ['app/probe.ts', '@/e2e/setup/import-zones.mjs'],
    ['e2e/specs/probe.ts', '@/app/layout'],
  ])('%s may not import %s', async (file, from) => {
    expect(await rulesBroken(file, `import * as it from '${from}'\nexport const use = it\n`)).toContain(
      'import-x/no-restricted-paths',
    )
  })

  it.each([
    ['lib/sim/probe.ts', '@/lib/protocol/errors'],
    ['lib/peer/probe.ts', '@/lib/protocol/errors'],
    ['lib/room/probe.ts', '@/lib/keys/secret'],
    ['lib/transfer/probe.ts', '@/lib/image/outgoing-picture'],
    ['lib/room/probe.ts', '@/lib/transfer/types'],
    ['lib/react/probe.ts', '@/lib/room/types'],
    ['app/send/probe.tsx', '@/lib/room/types'],
    ['server/probe.ts', '@/lib/protocol/errors'],
    ['server/lab/probe.ts', '@/lib/sim/network-model'],
    ['server/lab/probe.ts', '@/lib/signalling/messages'],
    ['lib/lab/probe.ts', '@/lib/sim/network-model'],
    ['e2e/specs/probe.ts', '@/lib/protocol/report'],
  ])('%s may import %s', async (file, from) => {
    expect(await rulesBroken(file, `import * as it from '${from}'\nexport const use = it\n`)).toEqual([])
  })

  it('sees through import type, export from and dynamic import', async () => {
    for (const code of [
      `import type { RoomState } from '@/lib/room/types'\nexport type Use = RoomState\n`,
      `export * from '@/lib/room/types'\n`,
      `export const use = () => import('@/lib/room/types')\n`,
    ]) {
      expect(await rulesBroken('lib/protocol/probe.ts', code)).toContain('import-x/no-restricted-paths')
    }
  })
})

describe('pure code', () => {
  it.each(['zod', 'node:fs', 'simple-peer', '@noble/hashes/sha2.js'])('imports no %s', async (from) => {
    const code = `import * as it from '${from}'\nexport const use = it\n`
    expect(await rulesBroken('lib/protocol/probe.ts', code)).toContain(
      '@typescript-eslint/no-restricted-imports',
    )
  })

  it.each(FOREIGN_TO_PURE_CODE)('does not use %s', async (name) => {
    expect(await rulesBroken('lib/sim/probe.ts', `export const use = () => ${name}\n`)).toContain(
      'no-restricted-globals',
    )
  })

  it('does not roll dice', async () => {
    expect(await rulesBroken('lib/sim/probe.ts', `export const use = () => Math.random()\n`)).toContain(
      'no-restricted-properties',
    )
  })

  it('may be tested with packages', async () => {
    const code = `import fc from 'fast-check'\nexport const use = fc\n`
    expect(await rulesBroken('lib/protocol/probe.test.ts', code)).toEqual([])
  })
})

describe('the rest of the house rules', () => {
  it('lets only lib/peer import simple-peer', async () => {
    const code = `import SimplePeer from 'simple-peer'\nexport const use = SimplePeer\n`
    expect(await rulesBroken('lib/transfer/probe.ts', code)).toContain(
      '@typescript-eslint/no-restricted-imports',
    )
    expect(await rulesBroken('lib/peer/probe.ts', code)).toEqual([])
  })

  it('refuses console in lib and app, and default exports outside the routes', async () => {
    const code = `export default function it() {\n  console.log(1)\n}\n`
    expect(await rulesBroken('lib/transfer/probe.ts', code)).toEqual([
      'import-x/no-default-export',
      'no-console',
    ])
    expect(await rulesBroken('app/send/page.tsx', code)).toEqual(['no-console'])
  })

  it('refuses any', async () => {
    expect(await rulesBroken('app/probe.ts', `export const use = (it: any) => it\n`)).toEqual([
      '@typescript-eslint/no-explicit-any',
    ])
  })

  it('lets only app/lab show the simulator', async () => {
    const code = `import * as it from '@/lib/sim/tsconfig.json'\nexport const use = it\n`
    for (const file of ['app/probe.tsx', 'app/send/probe.tsx', 'app/send/parts/probe.tsx']) {
      expect(await rulesBroken(file, code)).toContain('import-x/no-restricted-paths')
    }
    expect(await rulesBroken('app/lab/probe.tsx', code)).toEqual([])
  })
})

async function rulesBroken(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(ROOT, filePath) })
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message).sort()
}
