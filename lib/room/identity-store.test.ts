import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { beforeEach, expect, it, vi } from 'vitest'

import { countedBytes } from '@/lib/keys/fixtures'
import { COMPARED_MAX } from '@/lib/keys/remembered'

import { BrowserIdentityStore } from './identity-store'

const entry = (n: number) => ({ identity: n.toString(16).padStart(64, '0'), name: `n${n}`, atMs: n })

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()))

it('is the same device after a reload', async () => {
  const first = await new BrowserIdentityStore().signer(countedBytes(1))
  expect((await new BrowserIdentityStore().signer(countedBytes(2))).author).toBe(first.author)
})

it('is one device for the load where nothing can be kept', async () => {
  vi.stubGlobal('indexedDB', undefined)
  const store = new BrowserIdentityStore()
  const first = await store.signer(countedBytes(1))
  expect((await store.signer(countedBytes(2))).author).toBe(first.author)
  await store.remember(entry(1))
  expect(await store.compared()).toEqual([entry(1)])
})

it('ignores records that are broken', async () => {
  const store = new BrowserIdentityStore()
  await store.remember(entry(1))
  const database = await openDB('shoal.identity', 1)
  await database.put('compared', { identity: 'k', name: 'Ann', atMs: 1 })
  await database.put('compared', { ...entry(2), name: 5 })
  database.close()
  expect(await new BrowserIdentityStore().compared()).toEqual([entry(1)])
})

it('forgets whom was compared longest ago', async () => {
  await new BrowserIdentityStore().compared()
  const database = await openDB('shoal.identity', 1)
  for (let n = 1; n <= COMPARED_MAX; n++) await database.put('compared', entry(n))
  await new BrowserIdentityStore().remember(entry(COMPARED_MAX + 1))
  expect(await database.count('compared')).toBe(COMPARED_MAX)
  expect(await database.get('compared', entry(1).identity)).toBeUndefined()
  database.close()
})
