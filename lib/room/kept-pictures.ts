import type { KeptPicture, PictureStore } from '@/lib/transfer/kept/kept-picture'

/** Finished pictures of the room that this page is in, which outlive a reload of the page. */
export class KeptPictures {
  readonly #store: PictureStore
  /** Shows what was received before the page was loaded anew. */
  readonly #restore: (pictures: readonly KeptPicture[]) => void
  /** The room whose pictures are on this page. */
  #room: string | null = null

  constructor(store: PictureStore, restore: (pictures: readonly KeptPicture[]) => void) {
    this.#store = store
    this.#restore = restore
  }

  /** In that room, for the first time or again. */
  async enter(room: string): Promise<void> {
    if (this.#room === room) return
    this.#room = room
    const pictures = await this.#store.open(room)
    if (this.#room === room) this.#restore(pictures)
  }

  leave(): void {
    this.#room = null
    void this.#store.clear()
  }

  keep(picture: KeptPicture): void {
    void this.#store.keep(picture)
  }

  drop(key: string): void {
    void this.#store.drop(key)
  }

  close(): void {
    this.#store.close()
  }
}
