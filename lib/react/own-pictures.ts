/** So many pictures of one's own stay visible in a chat; a phone's camera makes 4 MB of each. */
const SHOWN_MAX = 40

/** Object URLs of the pictures this page has sent, by their digest; the oldest are freed. */
export class OwnPictures {
  readonly #urls = new Map<string, string>()
  readonly #listeners = new Set<() => void>()
  #state: ReadonlyMap<string, string> = new Map()

  getState(): ReadonlyMap<string, string> {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  add(sha256: string, file: Blob): void {
    if (this.#urls.has(sha256)) return
    this.#urls.set(sha256, URL.createObjectURL(file))
    for (const [oldest, url] of this.#urls) {
      if (this.#urls.size <= SHOWN_MAX) break
      this.#urls.delete(oldest)
      URL.revokeObjectURL(url)
    }
    this.#announce()
  }

  /** Frees all; it can be used again. */
  close(): void {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url)
    this.#urls.clear()
    this.#announce()
  }

  #announce(): void {
    this.#state = new Map(this.#urls)
    for (const listener of [...this.#listeners]) listener()
  }
}
