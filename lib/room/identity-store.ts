import type { DBSchema, IDBPDatabase } from 'idb'
import { openDB } from 'idb'
import { z } from 'zod'

import type { Signer } from '@/lib/keys/identity'
import { newIdentitySeed, signerFrom } from '@/lib/keys/identity'
import type { Compared } from '@/lib/keys/remembered'
import { COMPARED_MAX, Remembered } from '@/lib/keys/remembered'
import type { RandomBytes } from '@/lib/keys/secret'

/** What this device keeps of who it is and whom its owner compared words with. None of it ever throws. */
export interface IdentityStore {
  /** The same device each time; made by the first call. */
  signer(randomBytes: RandomBytes): Promise<Signer>
  compared(): Promise<readonly Compared[]>
  remember(entry: Compared): Promise<void>
  forget(identity: string): Promise<void>
}

interface Schema extends DBSchema {
  device: { key: string; value: Uint8Array }
  compared: { key: string; value: Compared }
}

z.config({ jitless: true })

const ComparedSchema = z.object({
  identity: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  atMs: z.number(),
})

const DATABASE = 'shoal.identity'
const SELF = 'self'

/** For this load of the page only. */
export class MemoryIdentityStore implements IdentityStore {
  readonly #compared = new Map<string, Compared>()
  #signer: Signer | null = null

  signer(randomBytes: RandomBytes): Promise<Signer> {
    this.#signer ??= newSigner(newIdentitySeed(randomBytes))
    return Promise.resolve(this.#signer)
  }

  compared(): Promise<readonly Compared[]> {
    return Promise.resolve([...this.#compared.values()])
  }

  remember(entry: Compared): Promise<void> {
    this.#compared.set(entry.identity, entry)
    return Promise.resolve()
  }

  forget(identity: string): Promise<void> {
    this.#compared.delete(identity)
    return Promise.resolve()
  }
}

/** In IndexedDB; where a page may not use it (private windows), for this load of the page only. */
export class BrowserIdentityStore implements IdentityStore {
  readonly #memory = new MemoryIdentityStore()
  #database: Promise<IDBPDatabase<Schema> | null> | null = null

  async signer(randomBytes: RandomBytes): Promise<Signer> {
    const kept = await this.#try(async (database) => {
      const fresh = newIdentitySeed(randomBytes)
      // One transaction: two tabs that start at once are one device.
      const transaction = database.transaction('device', 'readwrite')
      const known = await transaction.store.get(SELF)
      if (!known) await transaction.store.put(fresh, SELF)
      await transaction.done
      return signerFrom(known ?? fresh)
    })
    return kept ?? this.#memory.signer(randomBytes)
  }

  async compared(): Promise<readonly Compared[]> {
    const kept = await this.#try((database) => database.getAll('compared'))
    if (!kept) return this.#memory.compared()
    // A record that was broken is nobody's proof.
    const whole = kept.flatMap((record) => ComparedSchema.safeParse(record).data ?? [])
    return new Remembered(whole).all
  }

  async remember(entry: Compared): Promise<void> {
    await this.#memory.remember(entry)
    await this.#try(async (database) => {
      await database.put('compared', entry)
      if ((await database.count('compared')) <= COMPARED_MAX) return
      const stay = new Set((await this.compared()).map(({ identity }) => identity))
      for (const key of await database.getAllKeys('compared'))
        if (!stay.has(key)) await database.delete('compared', key)
    })
  }

  async forget(identity: string): Promise<void> {
    await this.#memory.forget(identity)
    await this.#try((database) => database.delete('compared', identity))
  }

  async #try<T>(action: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T | null> {
    try {
      this.#database ??= openDB<Schema>(DATABASE, 1, {
        upgrade: (database) => {
          database.createObjectStore('device')
          database.createObjectStore('compared', { keyPath: 'identity' })
        },
      })
      const database = await this.#database
      return database && (await action(database))
    } catch {
      return null
    }
  }
}

function newSigner(seed: Uint8Array): Signer {
  const signer = signerFrom(seed)
  if (!signer) throw new Error('An identity seed is 32 bytes.')
  return signer
}
