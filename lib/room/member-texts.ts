import { TEXT_MAX_BYTES } from '@/lib/peer/text-parts'
import { TokenBucket } from '@/lib/protocol/token-bucket'

/** What texts between members are about, by their first character. */
const CHANNELS = { s: 'safety', c: 'chat', p: 'picture', g: 'group' } as const

export type TextChannel = (typeof CHANNELS)[keyof typeof CHANNELS]

/** One byte names the channel. */
export const CHANNEL_TEXT_MAX_BYTES = TEXT_MAX_BYTES - 1

/** Who comes back after minutes away is told all that it missed as fast as that; nobody types so much. */
const TEXTS_PER_SECOND = 100
const TEXT_BURST = 1000

/** Texts of the members of a room, told apart by what they are about; a member that floods is heard no faster. */
export class MemberTexts {
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #dropped = new Map<string, number>()

  /** Null for what is dropped: too many, or of no channel. */
  open(
    peerId: string,
    text: string,
    nowMs: number,
  ): { readonly channel: TextChannel; readonly text: string } | null {
    const bucket = this.#buckets.get(peerId) ?? new TokenBucket(TEXTS_PER_SECOND, TEXT_BURST, nowMs)
    this.#buckets.set(peerId, bucket)
    const [mark = ''] = text
    if (!bucket.take(nowMs) || !isMark(mark)) {
      this.#dropped.set(peerId, this.droppedFrom(peerId) + 1)
      return null
    }
    return { channel: CHANNELS[mark], text: text.slice(1) }
  }

  droppedFrom(peerId: string): number {
    return this.#dropped.get(peerId) ?? 0
  }

  /** A member that comes back under the same id is no newcomer: what it did is kept until it has left the room. */
  keepOnly(isHere: (peerId: string) => boolean): void {
    for (const peerId of this.#buckets.keys()) {
      if (isHere(peerId)) continue
      this.#buckets.delete(peerId)
      this.#dropped.delete(peerId)
    }
  }

  clear(): void {
    this.#buckets.clear()
    this.#dropped.clear()
  }
}

export function channelText(channel: TextChannel, text: string): string {
  const mark = (Object.keys(CHANNELS) as (keyof typeof CHANNELS)[]).find((key) => CHANNELS[key] === channel)
  return `${mark ?? ''}${text}`
}

function isMark(mark: string): mark is keyof typeof CHANNELS {
  return Object.hasOwn(CHANNELS, mark)
}
