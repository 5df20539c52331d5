import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const KEY_BYTES = 32
const FILE_NAME = 'signing-key'

export interface SigningKey {
  readonly key: Buffer
  /** False on the very first start: then no token of an earlier run can exist. */
  readonly existed: boolean
}

/**
 * Reads the key that signs the members' tokens from `dataDir`, or makes one on the first start. Only the owner
 * can read it (mode 600, folder 700). Throws an Error whose message is one line for the person at the terminal.
 */
export function loadSigningKey(dataDir: string): SigningKey {
  const path = join(dataDir, FILE_NAME)
  try {
    const existing = readKey(path)
    if (existing !== null) return { key: existing, existed: true }
    return { key: createKey(dataDir, path), existed: false }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`the signing key at ${path} cannot be used: ${reason}`, { cause })
  }
}

function readKey(path: string): Buffer | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
  if (!/^[0-9a-f]{64}\s*$/.test(text)) throw new Error('it is damaged; delete it to start with a new one')
  chmodSync(path, 0o600)
  return Buffer.from(text.trim(), 'hex')
}

/** Written aside and renamed, so that a full disk or a crash never leaves half a key behind. */
function createKey(dataDir: string, path: string): Buffer {
  makeFolder(dataDir)
  const key = randomBytes(KEY_BYTES)
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${key.toString('hex')}\n`, { mode: 0o600 })
  renameSync(draft, path)
  return key
}

/** Not with `recursive`: there Node 20 tries for ever where the system says that a folder cannot be (as in /proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  const parent = dirname(path)
  if (!existsSync(parent)) makeFolder(parent)
  mkdirSync(path, { mode: 0o700 })
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
