import type { ChatMessage } from '@/lib/chat/types'
import { createMessageIndex } from '@/lib/room/search/message-index'
import type { FoundMessage } from '@/lib/room/search/message-index'

import type { ReadableStore } from './use-store'

/** What is looked for, and among which messages, as the page's fields have it. */
export interface MessageQuery {
  readonly text: string
  /** A member's device; empty: everyone. */
  readonly author: string
  /** `YYYY-MM-DD` as a date field has it; empty: any day. */
  readonly since: string
  readonly until: string
  readonly picturesOnly: boolean
}

const DAY_BEFORE_NEXT_MS = 1

/** The index of a page's messages, made in slices between which the page lives; its state counts what it learnt. */
export class MessageSearch implements ReadableStore<number> {
  readonly #index = createMessageIndex()
  readonly #listeners = new Set<() => void>()
  #version = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  getState(): number {
    return this.#version
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Nothing but these is found from here on. */
  follow(messages: readonly ChatMessage[]): void {
    this.#index.sync(messages)
    this.#work()
  }

  find(query: MessageQuery, limit: number): readonly FoundMessage[] {
    const { text, author, since, until, picturesOnly } = query
    return this.#index.search(text, {
      limit,
      picturesOnly,
      ...(author !== '' && { author }),
      ...(since !== '' && { fromMs: startOfDay(since, 0) }),
      ...(until !== '' && { toMs: startOfDay(until, 1) - DAY_BEFORE_NEXT_MS }),
    })
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #work(): void {
    clearTimeout(this.#timer)
    if (this.#index.work()) this.#timer = setTimeout(() => this.#work())
    this.#version++
    for (const listener of [...this.#listeners]) listener()
  }
}

function startOfDay(date: string, daysLater: number): number {
  const [year = NaN, month = NaN, day = NaN] = date.split('-').map(Number)
  return new Date(year, month - 1, day + daysLater).getTime()
}
