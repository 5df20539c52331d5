import { statfsSync } from 'node:fs'

/** The packages take 650 MB, npm's cache of them 200 MB, a build 100 MB. */
export const INSTALL_BYTES = 1_000_000_000

/** Below this a disk counts as full: what runs out of room stops a little short of the last block. */
export const FULL_BYTES = 16_000_000

/**
 * Bytes that this account may still write where `path` is; Infinity where the system does not say.
 * @param {string} path
 */
export function freeBytes(path) {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    return Infinity
  }
}
