import { fromBase64Url } from './base64url'

/** What two ends say to each other about who they are; over the pair's channel. Bytes are base64url. */
export type SafetyMessage =
  | {
      readonly type: 'identity'
      readonly key: Uint8Array
      readonly signature: Uint8Array
      readonly have: boolean
      readonly want: boolean
    }
  | { readonly type: 'commit'; readonly run: number; readonly digest: Uint8Array }
  | { readonly type: 'answer' | 'reveal'; readonly run: number; readonly nonce: Uint8Array }
  | { readonly type: 'done' | 'again' | 'stop'; readonly run: number }

/** Above any message of ours. */
const TEXT_MAX_CHARS = 400

/** Null for anything else, however it is broken. */
export function parseSafetyMessage(text: string): SafetyMessage | null {
  const fields = text.length > TEXT_MAX_CHARS ? null : parseObject(text)
  if (!fields) return null
  const { type, run, have, want } = fields
  if (type === 'identity') {
    const [key, signature] = [bytesOf(fields['key'], 32), bytesOf(fields['signature'], 64)]
    if (!key || !signature || typeof have !== 'boolean' || typeof want !== 'boolean') return null
    return { type, key, signature, have, want }
  }
  if (typeof run !== 'number' || !Number.isSafeInteger(run) || run < 1) return null
  if (type === 'commit') {
    const digest = bytesOf(fields['digest'], 32)
    return digest && { type, run, digest }
  }
  if (type === 'answer' || type === 'reveal') {
    const nonce = bytesOf(fields['nonce'], 32)
    return nonce && { type, run, nonce }
  }
  return type === 'done' || type === 'again' || type === 'stop' ? { type, run } : null
}

function parseObject(text: string): Partial<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

function bytesOf(value: unknown, count: number): Uint8Array | null {
  const bytes = typeof value === 'string' ? fromBase64Url(value) : null
  return bytes?.length === count ? bytes : null
}
