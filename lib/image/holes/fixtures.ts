import { findDamage } from '../damage/damage'
import type { Orientation } from '../formats/facts'
import { EntryNoter } from './entry-noter'

/** Test data: the index that the sender makes of a sound JPEG. */
export function indexOf(jpeg: Uint8Array, orientation: Orientation = 1): Uint8Array[] {
  const noter = new EntryNoter()
  const damage = findDamage('image/jpeg', jpeg, noter)
  if (damage !== null) throw new Error(damage)
  return noter.finish(orientation)
}

/** Even numbers between 0 and 1; the same seed gives the same ones. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Test data: a file of which each chunk is lost on its own with this probability; lost bytes are garbage. */
export function withHoles(file: Uint8Array, loss: number, seed: number) {
  const random = randomFrom(seed)
  const lost = Array.from({ length: Math.ceil(file.length / 1024) }, () => random() < loss)
  const bytes = file.map((byte, at) => (lost[at >> 10] ? Math.floor(random() * 256) : byte))
  return { bytes, lost, has: (chunk: number) => !(lost[chunk] ?? true) }
}
