import { constants, setPriority } from 'node:os'

/**
 * An emulated network does not wait for the browsers of its own computer, as far as the system lets it: Linux and macOS
 * ask for root. Without it packets are late while the processor is busy, and the counters say how late.
 */
export function hurry(): void {
  try {
    setPriority(0, constants.priority.PRIORITY_HIGH)
  } catch {
    // As it is, then.
  }
}
