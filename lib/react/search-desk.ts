import { createStore, type StoreApi } from 'zustand/vanilla'

import type { ChatMessage } from '@/lib/chat/types'
import { findMembers, type FoundMember, type NamedMember } from '@/lib/room/search/find-members'
import { createMessageIndex, type FoundMessage, type SearchFilter } from '@/lib/room/search/message-index'

export interface SearchState {
  readonly query: string
  readonly filter: SearchFilter
  readonly messages: readonly FoundMessage[]
  readonly members: readonly FoundMember[]
  /** Some messages are not found by their words yet. */
  readonly indexing: boolean
}

const NOTHING: SearchState = { query: '', filter: {}, messages: [], members: [], indexing: false }

/** Lets the page draw and answer in between. */
type Schedule = (callback: () => void) => () => void

const afterATask: Schedule = (callback) => {
  const timer = setTimeout(callback, 0)
  return () => clearTimeout(timer)
}

/** What one search box finds in one room. Costs nothing until something is looked for. */
export class SearchDesk {
  readonly #schedule: Schedule
  readonly #index = createMessageIndex()
  readonly #store: StoreApi<SearchState> = createStore(() => NOTHING)
  #messages: readonly ChatMessage[] = []
  #members: readonly NamedMember[] = []
  #open = false
  #cancel: (() => void) | null = null

  constructor(schedule: Schedule = afterATask) {
    this.#schedule = schedule
  }

  getState = (): SearchState => this.#store.getState()
  subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener)

  /** An empty filter and query find nothing: then there is no search. */
  ask(query: string, filter: SearchFilter = {}): void {
    this.#store.setState({ query, filter })
    this.#open = query.trim() !== '' || Object.values(filter).some((value) => value !== undefined)
    this.#follow()
  }

  /** As the room has them now. */
  handleRoom(messages: readonly ChatMessage[], members: readonly NamedMember[]): void {
    if (messages === this.#messages && members === this.#members) return
    this.#messages = messages
    this.#members = members
    this.#follow()
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#open = false
  }

  #follow(): void {
    if (this.#open) {
      this.#index.sync(this.#messages)
      this.#index.work()
    }
    this.#find()
    this.#goOn()
  }

  #goOn(): void {
    if (!this.#open || this.#index.pending === 0 || this.#cancel) return
    this.#cancel = this.#schedule(() => {
      this.#cancel = null
      // What was found meanwhile is shown when all is there: a list that moves under the finger helps nobody.
      if (!this.#index.work()) this.#find()
      this.#goOn()
    })
  }

  #find(): void {
    const { query, filter } = this.#store.getState()
    if (!this.#open) return this.#store.setState({ messages: [], members: [], indexing: false })
    this.#store.setState({
      messages: this.#index.search(query, filter),
      members: findMembers(query, this.#members),
      indexing: this.#index.pending > 0,
    })
  }
}
