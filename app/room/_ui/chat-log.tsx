'use client'

import { ChevronUp } from 'lucide-react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'

import type { ChatMessage } from '@/lib/chat/types'
import { isMessage, transferKeyOf } from '@/lib/react/chat-entries'
import { chatRows, dayName } from '@/lib/react/chat-rows'
import { laterWindow, logWindow, windowAround, windowBefore } from '@/lib/react/log-window'
import type { MessageTransfers } from '@/lib/react/message-transfers'
import type { MemberView } from '@/lib/room/types'
import type { TransferView } from '@/lib/transfer/types'

import { Button } from '../../_ui/button'
import { MessageRow } from './message-row'
import type { PictureActions } from './picture-message'

/** So near the end counts as at the end. */
const END_SLACK_PX = 48
/** So near the beginning the messages before are shown by themselves. */
const EARLY_PX = 120

/**
 * The messages, of which only a window is in the page however many there are. It stays at the end until the reader
 * scrolls up, and then nothing that comes moves what is read.
 */
export function ChatLog({
  messages,
  carried,
  others,
  members,
  ownPictures,
  pictures,
  jumpTo,
  toEnd,
  onAtEnd,
  onMenu,
}: {
  messages: readonly ChatMessage[]
  carried: MessageTransfers
  others: readonly TransferView[]
  members: readonly MemberView[]
  ownPictures: ReadonlyMap<string, string>
  pictures: PictureActions
  jumpTo: { readonly id: string; readonly at: number } | null
  /** Counts the wishes to see the end. */
  toEnd: number
  onAtEnd: (atEnd: boolean) => void
  onMenu: (message: ChatMessage, by: HTMLElement) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const sticks = useRef(true)
  /** A row that must not move on the screen while the window does. */
  const anchor = useRef<{ readonly id: string; readonly top: number } | null>(null)
  const [first, setFirst] = useState<number | null>(null)
  const [nowMs] = useState(() => Date.now())
  const shown = logWindow(messages.length, first)
  const rows = useMemo(
    () => chatRows(messages.slice(shown.start, shown.end)),
    [messages, shown.start, shown.end],
  )

  const [seenJump, setSeenJump] = useState(jumpTo)
  if (jumpTo !== seenJump) {
    setSeenJump(jumpTo)
    const index = messages.findIndex((message) => message.id === jumpTo?.id)
    if (index !== -1) setFirst(windowAround(messages.length, index))
  }
  const [seenEnd, setSeenEnd] = useState(toEnd)
  if (toEnd !== seenEnd) {
    setSeenEnd(toEnd)
    setFirst(null)
  }

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const kept = anchor.current && rowOf(element, anchor.current.id)
    if (anchor.current && kept) element.scrollTop += kept.offsetTop - anchor.current.top
    anchor.current = null
  }, [shown.start, shown.end])

  useLayoutEffect(() => {
    if (sticks.current && first === null) scrollToEnd(box.current)
  }, [messages, first])

  useLayoutEffect(() => {
    sticks.current = true
    onAtEnd(true)
    scrollToEnd(box.current)
  }, [toEnd, onAtEnd])

  useLayoutEffect(() => {
    const row = jumpTo && box.current && rowOf(box.current, jumpTo.id)
    if (!row) return
    sticks.current = false
    row.scrollIntoView({ block: 'center' })
    row.focus({ preventScroll: true })
    row.classList.remove('found')
    // Read, so that the animation begins anew where the same row is found again.
    row.getBoundingClientRect()
    row.classList.add('found')
  }, [jumpTo])

  // A keyboard that opens, a picture that gets its place: the end stays in sight.
  useEffect(() => {
    const follow = new ResizeObserver(() => {
      if (sticks.current) scrollToEnd(box.current)
    })
    if (box.current) follow.observe(box.current)
    if (content.current) follow.observe(content.current)
    return () => follow.disconnect()
  }, [])

  const hold = (id: string | undefined): void => {
    const row = id !== undefined && box.current ? rowOf(box.current, id) : null
    anchor.current = row && id !== undefined ? { id, top: row.offsetTop } : null
  }
  const showEarlier = () => {
    hold(messages[shown.start]?.id)
    setFirst(windowBefore(shown.start))
  }
  const showLater = () => {
    hold(messages[shown.end - 1]?.id)
    setFirst(laterWindow(messages.length, shown.start))
  }
  const handleScroll = () => {
    const element = box.current
    if (!element) return
    const atEnd =
      shown.end === messages.length &&
      element.scrollHeight - element.scrollTop - element.clientHeight < END_SLACK_PX
    if (atEnd !== sticks.current) onAtEnd(atEnd)
    sticks.current = atEnd
    if (element.scrollTop < EARLY_PX && shown.start > 0 && !atEnd) showEarlier()
  }

  return (
    <div
      ref={box}
      role="log"
      aria-label="Messages"
      aria-live={first === null ? 'polite' : 'off'}
      tabIndex={0}
      onScroll={handleScroll}
      className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain px-3 [overflow-anchor:none] focus-visible:-outline-offset-3 lg:px-6"
    >
      <div ref={content} className="mx-auto flex max-w-4xl flex-col pt-3 pb-4">
        {shown.start > 0 && (
          <Button variant="quiet" className="mx-auto" onClick={showEarlier}>
            <ChevronUp aria-hidden="true" />
            Show earlier
          </Button>
        )}
        <ol className="flex flex-col">
          {rows.map((row) => {
            if (row.type === 'day') {
              return (
                <li key={row.key} className="my-3 flex items-center gap-3 text-sm text-muted">
                  <span aria-hidden="true" className="h-px flex-1 bg-line" />
                  {dayName(row.atMs, nowMs)}
                  <span aria-hidden="true" className="h-px flex-1 bg-line" />
                </li>
              )
            }
            const { message } = row
            const sha256 = message.body.type === 'picture' ? message.body.picture.sha256 : ''
            return (
              <MessageRow
                key={row.key}
                message={message}
                first={row.first}
                last={row.last}
                reader={message.to === null ? null : readerOf(message, members)}
                transfers={isMessage(message) ? carried.get(message.id) : othersOf(message, others)}
                ownUrl={message.own ? (ownPictures.get(sha256) ?? null) : null}
                pictures={pictures}
                onMenu={onMenu}
              />
            )
          })}
        </ol>
        {shown.end < messages.length && (
          <Button variant="quiet" className="mx-auto" onClick={showLater}>
            Show later
          </Button>
        )}
      </div>
    </div>
  )
}

function scrollToEnd(element: HTMLElement | null): void {
  if (element) element.scrollTop = element.scrollHeight
}

function rowOf(box: HTMLElement, id: string): HTMLElement | null {
  return box.querySelector<HTMLElement>(`li[data-row="${CSS.escape(id)}"]`)
}

/** Who alone reads a private message. */
function readerOf(message: ChatMessage, members: readonly MemberView[]): string {
  if (!message.own) return 'you'
  return members.find((member) => member.identity === message.to)?.name ?? 'one who left'
}

function othersOf(message: ChatMessage, others: readonly TransferView[]): readonly TransferView[] {
  return others.filter((transfer) => transfer.key === transferKeyOf(message))
}
