import { createMyRooms } from '@/lib/room/history/my-rooms'
import type { MyRoom, MyRooms } from '@/lib/room/history/my-rooms'

import type { ReadableStore } from './use-store'

let rooms: MyRooms | null = null

/** This page's view of the device's rooms; made when it is first asked for, in a browser. */
export function myRooms(): MyRooms {
  rooms ??= createMyRooms({ now: () => Date.now() })
  return rooms
}

const NONE: readonly MyRoom[] = []

/** The list for a page that shows it, newest first; empty until it was read. */
export class RoomListing implements ReadableStore<readonly MyRoom[]> {
  readonly #listeners = new Set<() => void>()
  #state = NONE

  getState(): readonly MyRoom[] {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    const stop = myRooms().subscribe(() => void this.#read())
    void this.#read()
    return () => {
      stop()
      this.#listeners.delete(listener)
    }
  }

  async #read(): Promise<void> {
    this.#state = await myRooms().list()
    for (const listener of [...this.#listeners]) listener()
  }
}
