interface Entry<T> {
  readonly dueMs: number
  readonly order: number
  readonly value: T
}

/** What is due when: a binary heap, the next first; what is due at the same moment comes in the order of its adding. */
export class DueHeap<T> {
  readonly #heap: Entry<T>[] = []
  #added = 0

  get size(): number {
    return this.#heap.length
  }

  /** Infinity while it is empty. */
  get nextDueMs(): number {
    return this.#heap[0]?.dueMs ?? Infinity
  }

  add(dueMs: number, value: T): void {
    const heap = this.#heap
    const entry = { dueMs, order: this.#added++, value }
    let at = heap.push(entry) - 1
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = heap[parentAt]
      if (!parent || !isBefore(entry, parent)) break
      heap[at] = parent
      at = parentAt
    }
    heap[at] = entry
  }

  /** The next one, left where it is; null while it is empty. */
  peek(): { readonly dueMs: number; readonly value: T } | null {
    return this.#heap[0] ?? null
  }

  /** Takes the next one out, if it is due by then. */
  poll(byMs: number): { readonly dueMs: number; readonly value: T } | null {
    const first = this.#heap[0]
    if (!first || first.dueMs > byMs) return null
    const last = this.#heap.pop()
    if (last && last !== first) this.#sink(last)
    return first
  }

  clear(): void {
    this.#heap.length = 0
  }

  /** Puts an entry in the place of the first. */
  #sink(entry: Entry<T>): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let childAt = 2 * at + 1
      const left = heap[childAt]
      if (!left) break
      const right = heap[childAt + 1]
      let child = left
      if (right && isBefore(right, left)) {
        child = right
        childAt++
      }
      if (!isBefore(child, entry)) break
      heap[at] = child
      at = childAt
    }
    heap[at] = entry
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.dueMs !== b.dueMs ? a.dueMs < b.dueMs : a.order < b.order
}
