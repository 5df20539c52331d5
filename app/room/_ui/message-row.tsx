'use client'

import { EllipsisVertical, EyeOff } from 'lucide-react'
import { memo } from 'react'

import type { ChatMessage } from '@/lib/chat/types'
import { isMessage } from '@/lib/react/chat-entries'
import { isEmojiOnly, timeOfDay } from '@/lib/react/chat-rows'
import type { TransferView } from '@/lib/transfer/types'

import { Avatar, memberClass } from './avatar'
import { MessageText } from './message-text'
import { PictureMessage } from './picture-message'
import type { PictureActions } from './picture-message'

const NOTHING: readonly TransferView[] = []

/** One message; of a run the first carries the name and the last the time. */
export const MessageRow = memo(function MessageRow({
  message,
  first,
  last,
  reader,
  transfers = NOTHING,
  ownUrl,
  pictures,
  onMenu,
}: {
  message: ChatMessage
  first: boolean
  last: boolean
  /** Who alone reads it; null: everyone. */
  reader: string | null
  transfers?: readonly TransferView[] | undefined
  ownUrl: string | null
  pictures: PictureActions
  onMenu: (message: ChatMessage, by: HTMLElement) => void
}) {
  const { id, author, authorName, own, sentAtMs, body, deleted, mentionsMe } = message
  const marks = isMessage(message)
    ? {
        'data-testid': 'chat-message',
        'data-id': id,
        'data-author': authorName,
        'data-author-id': author,
        'data-deleted': deleted,
        'data-private': reader !== null,
      }
    : {}
  const large = body.type === 'text' && !deleted && isEmojiOnly(body.text)
  return (
    <li
      {...marks}
      data-row={id}
      tabIndex={-1}
      className={`group flex max-w-full gap-2.5 rounded-2xl outline-offset-2 ${own ? 'flex-row-reverse' : ''} ${first ? 'mt-3' : 'mt-0.5'}`}
    >
      {!own && (
        <span className="w-8 shrink-0">{first && <Avatar name={authorName} identity={author} small />}</span>
      )}
      <div className={`flex min-w-0 flex-col ${own ? 'items-end' : 'items-start'} max-w-[min(36rem,88%)]`}>
        {first && !own && (
          <p
            className={`${memberClass(author)} px-1 pb-0.5 text-sm font-semibold [overflow-wrap:anywhere] text-member`}
          >
            <bdi>{authorName}</bdi>
          </p>
        )}
        {first && own && <p className="sr-only">You</p>}
        {reader !== null && (
          <p className="flex items-center gap-1 px-1 pb-0.5 text-sm text-warn">
            <EyeOff aria-hidden="true" className="size-3.5 shrink-0" />
            <span>
              only for <bdi className="[overflow-wrap:anywhere]">{reader}</bdi>
            </span>
          </p>
        )}
        <div className={`flex max-w-full items-center gap-0.5 ${own ? 'flex-row-reverse' : ''}`}>
          {deleted ? (
            <p className="rounded-2xl border border-dashed border-line-strong px-3.5 py-2 text-base text-muted italic">
              message deleted
            </p>
          ) : body.type === 'picture' ? (
            <PictureMessage
              message={message}
              picture={body.picture}
              transfers={transfers}
              ownUrl={ownUrl}
              actions={pictures}
            />
          ) : (
            <div
              dir="auto"
              className={`min-w-0 ${large ? 'px-1 text-4xl leading-tight' : `rounded-2xl px-3.5 py-2 ${ground(own, reader !== null)} ${mentionsMe ? 'outline-2 -outline-offset-2 outline-accent' : ''}`}`}
            >
              <MessageText text={body.text} />
            </div>
          )}
          {isMessage(message) && (
            <button
              type="button"
              aria-label={`Message menu: ${own ? 'your message' : authorName}, ${timeOfDay(sentAtMs)}`}
              aria-haspopup="menu"
              data-testid="message-menu"
              className="flex size-8 shrink-0 items-center justify-center rounded-lg text-muted hover:bg-sunken hover:text-ink pointer-fine:opacity-0 pointer-fine:group-focus-within:opacity-100 pointer-fine:group-hover:opacity-100"
              onClick={(event) => onMenu(message, event.currentTarget)}
            >
              <EllipsisVertical aria-hidden="true" className="size-4.5" />
            </button>
          )}
        </div>
        {last && (
          <p className="px-1 pt-0.5 text-xs text-muted figures">
            <time dateTime={new Date(sentAtMs).toISOString()}>{timeOfDay(sentAtMs)}</time>
            {own && !deleted && deliveryWords(message)}
          </p>
        )}
      </div>
    </li>
  )
})

function ground(own: boolean, isPrivate: boolean): string {
  if (isPrivate) return 'border border-dashed border-warn bg-warn-soft text-ink'
  return own ? 'bg-accent-soft text-ink' : 'border border-line bg-surface text-ink'
}

/** How many of those who should have it have it. */
function deliveryWords({ delivered }: ChatMessage): string {
  if (delivered === null) return ''
  const { have, of } = delivered
  if (of === 0) return ' · waits for others'
  if (have < of) return ` · sent to ${have} of ${of}`
  return of === 1 ? ' · sent' : ` · sent to all ${of}`
}
