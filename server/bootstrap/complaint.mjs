import { FULL_BYTES } from './disk.mjs'

/** A failure that a person can do something about: one line, no stack trace. */
export class Complaint extends Error {}

/** A signal came while a command ran; whoever catches this ends as the signal asks. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`Interrupted by ${signal}.`)
    this.signal = signal
  }
}

const OUT_OF_SPACE = /ENOSPC|no space left on device|not enough space on the disk/i
const NO_REGISTRY = /EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT/

/**
 * Throws what a person should read when a command has failed. Where the remedy is known, it comes without
 * the command's own output.
 * @param {'install' | 'build'} step
 * @param {{ code: number, output: string, signal: NodeJS.Signals | null }} result
 * @param {number} free bytes left on the disk afterwards
 * @throws {Complaint | Interrupted}
 */
export function throwIfFailed(step, { code, output, signal }, free) {
  if (signal) throw new Interrupted(signal)
  // npm has been seen to end with 0 on a full disk, leaving files cut short.
  if ((code !== 0 && OUT_OF_SPACE.test(output)) || free < FULL_BYTES) throw diskFull(step)
  if (code === 0) return
  if (step === 'install' && NO_REGISTRY.test(output)) {
    throw new Complaint(
      'the packages could not be downloaded. Check the internet connection (only the first start needs it) and run this again.',
    )
  }
  console.error(output.trimEnd())
  throw new Complaint(
    step === 'install'
      ? 'installing the packages failed; npm says why above.'
      : 'building the pages failed; Next says why above.',
  )
}

/** @param {'install' | 'build'} step */
export function diskFull(step) {
  const what = step === 'install' ? 'install the packages' : 'build the pages'
  return new Complaint(`the disk is full; there is no room to ${what}. Free about 1 GB and run this again.`)
}
