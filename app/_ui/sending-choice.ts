import type { TransferMode } from '@/lib/protocol/report'

import { firstOf } from './query'
import type { Query } from './query'

const MODES: readonly TransferMode[] = ['classic', 'repair', 'assured']

/** `mode=…` of an address. */
export function modeOf(query: Query): TransferMode {
  const value = firstOf(query['mode'])
  return MODES.find((mode) => mode === value) ?? 'assured'
}

/** `lanes=N` of an address: at most so many; null for as many as the path wants. */
export function lanesOf(query: Query): number | null {
  const value = firstOf(query['lanes'])
  return value !== null && /^\d{1,2}$/.test(value) ? Number(value) : null
}
