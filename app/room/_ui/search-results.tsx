'use client'

import { ImageIcon, SearchX, X } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'

import type { ChatMessage } from '@/lib/chat/types'
import { dayName, timeOfDay } from '@/lib/react/chat-rows'
import { formatCount } from '@/lib/react/format'
import { PRESENCE_WORDS, presenceOf } from '@/lib/react/member-words'
import { highlightsIn, searchMessages, wordsOf } from '@/lib/react/message-search'
import type { Highlight } from '@/lib/react/message-search'
import type { MemberView } from '@/lib/room/types'

import { Avatar } from './avatar'
import { IconButton } from './icon-button'
import type { RoomQuery } from './search-query'

const SHOWN_MAX = 60
/** Of a long message, so much before the first word that was found. */
const LEAD_CHARS = 40
const SHOWN_CHARS = 220

/** What the search finds while one types: members first, then messages, the best first. */
export function SearchResults({
  messages,
  members,
  selfName,
  query,
  onQuery,
  onJump,
  onClose,
}: {
  messages: readonly ChatMessage[]
  members: readonly MemberView[]
  selfName: string
  query: RoomQuery
  onQuery: (query: RoomQuery) => void
  onJump: (id: string) => void
  onClose: () => void
}) {
  // The letters come first, then what they find.
  const wanted = useDeferredValue(query)
  const [nowMs] = useState(() => Date.now())
  const words = wordsOf(wanted.text)
  const { hits, total } = useMemo(() => searchMessages(messages, wanted, SHOWN_MAX), [messages, wanted])
  const people = words.length === 0 ? [] : members.filter(({ name }) => highlightsIn(name, words).length > 0)
  const authors = useMemo(() => authorsOf(messages, selfName), [messages, selfName])
  return (
    <aside
      aria-label="Search results"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
      className="flex flex-col overflow-y-auto bg-surface pb-[max(1rem,env(safe-area-inset-bottom))] max-lg:absolute max-lg:inset-0 max-lg:z-20 lg:w-96 lg:shrink-0 lg:border-l lg:border-line"
    >
      <div className="sticky top-0 z-10 border-b border-line bg-surface px-4 pt-2 pb-3">
        <div className="flex items-center">
          <h2 className="flex-1 text-base font-semibold">
            <span role="status" className="figures">
              {total === 0 && people.length === 0
                ? 'Nothing found'
                : `${formatCount(total)} ${total === 1 ? 'message' : 'messages'}`}
            </span>
          </h2>
          <IconButton label="Close the search" onClick={onClose}>
            <X aria-hidden="true" />
          </IconButton>
        </div>
        <div className="grid grid-cols-2 gap-2 text-sm">
          <label className="col-span-2 flex items-center gap-2">
            <span className="w-12 text-muted">From</span>
            <select
              data-testid="search-author"
              value={query.author}
              onChange={(event) => onQuery({ ...query, author: event.target.value })}
              className="h-10 min-w-0 flex-1 rounded-xl bg-sunken px-3"
            >
              <option value="">everyone</option>
              {authors.map(([author, name]) => (
                <option key={author} value={author}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <DateField label="Since" value={query.since} onChange={(since) => onQuery({ ...query, since })} />
          <DateField label="Until" value={query.until} onChange={(until) => onQuery({ ...query, until })} />
          <label className="col-span-2 flex min-h-9 items-center gap-2">
            <input
              type="checkbox"
              data-testid="search-pictures"
              checked={query.picturesOnly}
              onChange={(event) => onQuery({ ...query, picturesOnly: event.target.checked })}
              className="size-5 accent-accent"
            />
            Pictures only
          </label>
        </div>
      </div>
      {total === 0 && people.length === 0 && (
        <div className="flex flex-1 flex-col items-center justify-center p-8 text-center text-muted">
          <SearchX aria-hidden="true" className="size-12" />
          <p className="mt-3 text-lg font-semibold text-ink">No results</p>
          <p>Try fewer words, or another day. What was deleted is not found.</p>
        </div>
      )}
      {people.length > 0 && (
        <ul aria-label="Members" className="border-b border-line px-4 py-2">
          {people.map((member) => (
            <li
              key={member.id}
              data-testid="search-result"
              data-kind="member"
              className="flex items-center gap-3 py-1.5"
            >
              <Avatar
                name={member.name}
                identity={member.identity ?? member.id}
                presence={presenceOf(member)}
                small
              />
              <span className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">
                <Marked text={member.name} highlights={highlightsIn(member.name, words)} />
              </span>
              <span className="text-sm text-muted">{PRESENCE_WORDS[presenceOf(member)]}</span>
            </li>
          ))}
        </ul>
      )}
      <ol aria-label="Messages" className="px-2 py-2">
        {hits.map(({ message, text, highlights }) => (
          <li key={message.id}>
            <button
              type="button"
              data-testid="search-result"
              data-kind="message"
              data-id={message.id}
              className="block w-full rounded-xl px-2 py-2 text-left hover:bg-sunken"
              onClick={() => onJump(message.id)}
            >
              <span className="flex justify-between gap-3 text-sm text-muted figures">
                <span className="min-w-0 truncate font-semibold text-ink">
                  <bdi>{message.authorName}</bdi>
                </span>
                <span className="shrink-0">
                  {dayName(message.sentAtMs, nowMs)}, {timeOfDay(message.sentAtMs)}
                </span>
              </span>
              <span className="line-clamp-3 [overflow-wrap:anywhere]">
                {message.body.type === 'picture' && (
                  <ImageIcon aria-label="picture" className="mr-1 inline size-4 align-[-0.15em] text-muted" />
                )}
                <Marked {...excerpt(text, highlights)} />
              </span>
            </button>
          </li>
        ))}
      </ol>
      {total > hits.length && (
        <p className="px-4 text-sm text-muted">The best {formatCount(hits.length)} are shown.</p>
      )}
    </aside>
  )
}

function DateField({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (value: string) => void
}) {
  return (
    <label className="flex items-center gap-2">
      <span className="w-12 shrink-0 text-muted">{label}</span>
      <input
        type="date"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-10 min-w-0 flex-1 rounded-xl bg-sunken px-2"
      />
    </label>
  )
}

function Marked({ text, highlights }: { text: string; highlights: readonly Highlight[] }) {
  const ends = [0, ...highlights.map(({ until }) => until)]
  return (
    <bdi>
      {highlights.map(({ from, until }, index) => (
        <span key={from}>
          {text.slice(ends[index], from)}
          <mark className="rounded-sm bg-accent text-on-accent">{text.slice(from, until)}</mark>
        </span>
      ))}
      {text.slice(ends.at(-1))}
    </bdi>
  )
}

/** The part of a long message with the first of the words in it. */
function excerpt(
  text: string,
  highlights: readonly Highlight[],
): { text: string; highlights: readonly Highlight[] } {
  const start = Math.max(0, (highlights[0]?.from ?? 0) - LEAD_CHARS)
  const shift = start === 0 ? 0 : start - 1
  const cut = (start === 0 ? '' : '…') + text.slice(start, start + SHOWN_CHARS)
  return {
    text: cut,
    highlights: highlights
      .map(({ from, until }) => ({ from: from - shift, until: until - shift }))
      .filter(({ until }) => until <= cut.length),
  }
}

/** Everyone who wrote, by the name used last. */
function authorsOf(messages: readonly ChatMessage[], selfName: string): [string, string][] {
  const names = new Map<string, string>()
  for (const message of messages) {
    names.set(message.author, message.own ? `${selfName} (you)` : message.authorName)
  }
  return [...names]
}
