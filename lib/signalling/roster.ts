import type { Member, ServerMessage } from './messages'

type MemberMessage = Extract<
  ServerMessage,
  { type: 'member-joined' | 'member-left' | 'member-away' | 'member-back' }
>

/** The other members as this page knows them. Each change makes a new list. */
export class Roster {
  #members: readonly Member[] = []
  /** Known from before a restart of the server, which does not know them again yet. */
  #unconfirmed = new Set<string>()

  get members(): readonly Member[] {
    return this.#members
  }

  has(id: string): boolean {
    return this.#members.some((member) => member.id === id)
  }

  /** The server knows this member, so a signal to it can be delivered or kept. */
  isReachable(id: string): boolean {
    return this.has(id) && !this.#unconfirmed.has(id)
  }

  instanceOf(id: string): string | undefined {
    return this.#members.find((member) => member.id === id)?.instance
  }

  /**
   * The list of a `joined`. When the room was `rebuilt` after a restart of the server, members that we knew and
   * that are missing stay, as away: they are on their way back like us, and their pictures go on meanwhile.
   */
  replace(members: readonly Member[], rebuilt: boolean): void {
    const listed = new Set(members.map(({ id }) => id))
    const missing = rebuilt ? this.#members.filter(({ id }) => !listed.has(id)) : []
    this.#unconfirmed = new Set(missing.map(({ id }) => id))
    this.#members = [...members, ...missing.map((member) => ({ ...member, away: true }))]
  }

  /** Whoever has not come back after a restart is gone. */
  dropUnconfirmed(): void {
    this.#members = this.#members.filter(({ id }) => !this.#unconfirmed.has(id))
    this.#unconfirmed.clear()
  }

  remove(id: string): void {
    this.#unconfirmed.delete(id)
    this.#members = this.#members.filter((member) => member.id !== id)
  }

  clear(): void {
    this.#members = []
    this.#unconfirmed.clear()
  }

  /** False for news about a member that we do not know. */
  apply(message: MemberMessage): boolean {
    if (message.type === 'member-joined') {
      const { member } = message
      this.#unconfirmed.delete(member.id)
      this.#members = this.has(member.id)
        ? this.#members.map((known) => (known.id === member.id ? member : known))
        : [...this.#members, member]
      return true
    }
    if (!this.has(message.id)) return false
    switch (message.type) {
      case 'member-left':
        this.remove(message.id)
        break
      case 'member-away':
        this.#update(message.id, { away: true, closed: message.closed })
        break
      case 'member-back':
        this.#update(message.id, { away: false, closed: undefined, instance: message.instance })
    }
    return true
  }

  #update(id: string, change: Partial<Member>): void {
    this.#members = this.#members.map((member) => (member.id === id ? { ...member, ...change } : member))
  }
}
