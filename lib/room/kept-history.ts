import type { EntryStore, StoredEntry } from './history/entry-store'

/** What of the rooms of this device the chat needs. */
export interface HistoryPort {
  readonly entries: EntryStore
  keepsHistory(code: string): Promise<boolean>
  keepHistory(code: string, keep: boolean, secret: string | null): Promise<void>
}

/** The messages of one room as they are kept on this device, where its owner chose so. */
export class KeptHistory {
  readonly #port: HistoryPort
  readonly #code: string
  #keeps = false

  constructor(port: HistoryPort, code: string) {
    this.#port = port
    this.#code = code
  }

  /** Whether messages of this room are kept, as far as is known. */
  get keeps(): boolean {
    return this.#keeps
  }

  /** What was kept before, in the order of its arrival. */
  async load(): Promise<readonly string[]> {
    const keeps = await this.#port.keepsHistory(this.#code)
    const texts = keeps ? await this.#port.entries.load(this.#code) : []
    this.#keeps ||= keeps
    return texts
  }

  /** Keeps them from now on or not any more; `entries` are all that are there by then, null when the room was left. */
  async choose(
    keep: boolean,
    secret: string | null,
    entries: () => readonly StoredEntry[] | null,
  ): Promise<void> {
    this.#keeps = keep
    await this.#port.keepHistory(this.#code, keep, secret)
    const all = keep && this.#keeps ? entries() : null
    if (all) await this.#port.entries.append(this.#code, all)
  }

  /** What has come since the last time; an entry that replaces one comes under its id. */
  store(stored: readonly (StoredEntry & { readonly replaces: boolean })[]): void {
    if (!this.#keeps) return
    const { entries } = this.#port
    const fresh = stored.filter(({ replaces }) => !replaces)
    if (fresh.length > 0) void entries.append(this.#code, fresh)
    for (const { id, text, replaces } of stored) if (replaces) void entries.replace(this.#code, id, text)
  }
}
