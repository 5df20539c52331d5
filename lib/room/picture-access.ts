import type { AuthorId, ChatMessage, MessageId } from '@/lib/chat/types'

type PictureMessage = ChatMessage & { readonly body: { readonly type: 'picture' } }

/** The message of a picture that its author has not taken back; null for any other. */
export function pictureMessage(messages: readonly ChatMessage[], id: MessageId): PictureMessage | null {
  return pictureMessages(messages).find((message) => message.id === id) ?? null
}

/** Members that have the picture of a message if anyone has, its author first; a private one only the two can have. */
export function holdersOf(
  { author, to }: Pick<ChatMessage, 'author' | 'to'>,
  members: ReadonlyMap<string, AuthorId>,
): string[] {
  return [...members]
    .filter(([, identity]) => to === null || identity === author || identity === to)
    .sort(([, a], [, b]) => Number(b === author) - Number(a === author))
    .map(([peerId]) => peerId)
}

/** Whether a picture is one of the room's messages that this device may see; a private one stays between the two. */
export function maySee(identity: AuthorId, messages: readonly ChatMessage[], sha256: string): boolean {
  return pictureMessages(messages).some(
    ({ body, to, author }) =>
      body.picture.sha256 === sha256 && (to === null || to === identity || author === identity),
  )
}

function pictureMessages(messages: readonly ChatMessage[]): PictureMessage[] {
  return messages.filter(
    (message): message is PictureMessage => message.body.type === 'picture' && !message.deleted,
  )
}
