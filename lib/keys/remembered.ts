/** A device whose words somebody compared. */
export interface Compared {
  /** 64 lower-case hex digits. */
  readonly identity: string
  /** As it called itself then. */
  readonly name: string
  readonly atMs: number
}

/** Past it the one compared longest ago is forgotten. */
export const COMPARED_MAX = 1024

/** Whose words were compared, in any room (SPEC KY22). */
export class Remembered {
  readonly #byIdentity = new Map<string, Compared>()

  constructor(kept: readonly Compared[] = []) {
    for (const entry of [...kept].sort((a, b) => a.atMs - b.atMs)) this.remember(entry)
  }

  get all(): readonly Compared[] {
    return [...this.#byIdentity.values()]
  }

  isCompared(identity: string): boolean {
    return this.#byIdentity.has(identity)
  }

  /** Somebody of this name was compared, but never this device. */
  isChanged(identity: string, name: string): boolean {
    if (this.isCompared(identity)) return false
    return this.all.some((entry) => entry.name === name)
  }

  remember(entry: Compared): void {
    this.#byIdentity.delete(entry.identity)
    this.#byIdentity.set(entry.identity, entry)
    const [oldest] = this.#byIdentity.keys()
    if (oldest !== undefined && this.#byIdentity.size > COMPARED_MAX) this.#byIdentity.delete(oldest)
  }

  forget(identity: string): void {
    this.#byIdentity.delete(identity)
  }
}
