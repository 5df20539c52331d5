import type { PairEnd } from '@/lib/keys/keyring'
import type { Member, Role } from '@/lib/signalling/messages'

/** Whether two of these roles have anything to send each other: a sender only sends, a receiver only receives. */
export function meets(a: Role, b: Role): boolean {
  return a === 'member' || b === 'member' || a !== b
}

/**
 * Which end of the pair this page is; the end that is the sender of the pair opens the lanes. Null: the two do not
 * meet. Two members are told apart by their ids, which both know.
 */
export function pairEnd(
  self: Pick<Member, 'id' | 'role'>,
  other: Pick<Member, 'id' | 'role'>,
): PairEnd | null {
  if (!meets(self.role, other.role)) return null
  // The receiver made the secret: a sender who has it takes nobody without it.
  if (self.role === 'sender') return { role: 'sender', strict: true }
  if (self.role === 'receiver') return { role: 'receiver', strict: false }
  const opens = other.role === 'receiver' || (other.role === 'member' && self.id < other.id)
  return { role: opens ? 'sender' : 'receiver', strict: false }
}
