import type { ChatMessage, ChatPicture } from '@/lib/chat/types'

/** To be raised when a field changes its meaning; new fields do not raise it. */
const EXPORT_VERSION = 1
const NAME_MAX_CHARS = 60

/** The messages of a room as a file. It has no key, no secret and no address: nobody gets into a room by it. */
export interface RoomExport {
  readonly format: 'shoal-room'
  readonly version: typeof EXPORT_VERSION
  readonly room: { readonly code: string; readonly title: string }
  /** ISO 8601, UTC. */
  readonly exportedAt: string
  /** As the page shows them, oldest first; deleted ones are left out. */
  readonly messages: readonly ExportedMessage[]
}

export interface ExportedMessage {
  readonly id: string
  /** The author's device: its public key, 64 hex digits. */
  readonly author: string
  readonly authorName: string
  /** By the author's clock; ISO 8601, UTC. */
  readonly sentAt: string
  /** The one member it was for; null: everyone. */
  readonly to: string | null
  /** Of a picture null. */
  readonly text: string | null
  /** The picture's facts; its bytes are saved from the page. */
  readonly picture: Omit<ChatPicture, 'placeholder'> | null
}

export interface RoomFile {
  readonly name: string
  readonly text: string
}

/** One JSON document, and a name to save it under. */
export function exportRoom(options: {
  readonly code: string
  readonly title: string
  readonly messages: readonly ChatMessage[]
  /** Epoch milliseconds. */
  readonly nowMs: number
}): RoomFile {
  const { code, title, messages, nowMs } = options
  const exportedAt = new Date(nowMs).toISOString()
  const document: RoomExport = {
    format: 'shoal-room',
    version: EXPORT_VERSION,
    room: { code, title },
    exportedAt,
    messages: messages.filter(({ deleted }) => !deleted).map(exported),
  }
  return { name: fileName(title, code, exportedAt), text: `${JSON.stringify(document, null, 2)}\n` }
}

function exported({ id, author, authorName, sentAtMs, to, body }: ChatMessage): ExportedMessage {
  const about = { id, author, authorName, sentAt: new Date(sentAtMs).toISOString(), to }
  if (body.type === 'text') return { ...about, text: body.text, picture: null }
  const { placeholder: _shownWhileLoading, ...picture } = body.picture
  return { ...about, text: null, picture }
}

/** Letters, digits and dashes only: safe on every system. */
function fileName(title: string, code: string, exportedAt: string): string {
  const words = title.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
  const short = Array.from(words)
    .slice(0, NAME_MAX_CHARS)
    .join('')
    .replace(/^-+|-+$/g, '')
  return `shoal-${short === '' ? code : short}-${exportedAt.slice(0, 10)}.json`
}
