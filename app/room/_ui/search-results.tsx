'use client'

import { ImageIcon, SearchX, X } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'

import type { ChatMessage } from '@/lib/chat/types'
import { dayName, timeOfDay } from '@/lib/react/chat-rows'
import { formatCount } from '@/lib/react/format'
import { PRESENCE_WORDS, presenceOf } from '@/lib/react/member-words'
import { MessageSearch } from '@/lib/react/message-search'
import { useStore } from '@/lib/react/use-store'
import { findMembers } from '@/lib/room/search/find-members'
import type { TextRange } from '@/lib/room/search/words'
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
  const [search] = useState(() => new MessageSearch())
  const learnt = useStore(search)
  useEffect(() => search.follow(messages), [search, messages])
  useEffect(() => () => search.close(), [search])
  // eslint-disable-next-line react-hooks/exhaustive-deps -- what it finds changes with what it has learnt
  const hits = useMemo(() => search.find(wanted, SHOWN_MAX), [search, wanted, learnt])
  const people = findMembers(
    wanted.text,
    members.map(({ id, name }) => ({ id, name })),
  ).flatMap(({ id, ranges }) => {
    const member = members.find((each) => each.id === id)
    return member ? [{ member, ranges }] : []
  })
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages])
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
              {hits.length === 0 && people.length === 0
                ? 'Nothing found'
                : `${formatCount(hits.length)} ${hits.length === 1 ? 'message' : 'messages'}`}
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
      {hits.length === 0 && people.length === 0 && (
        <div className="flex flex-1 flex-col items-center justify-center p-8 text-center text-muted">
          <SearchX aria-hidden="true" className="size-12" />
          <p className="mt-3 text-lg font-semibold text-ink">No results</p>
          <p>Try fewer words, or another day. What was deleted is not found.</p>
        </div>
      )}
      {people.length > 0 && (
        <ul aria-label="Members" className="border-b border-line px-4 py-2">
          {people.map(({ member, ranges }) => (
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
                <Marked text={member.name} ranges={ranges} />
              </span>
              <span className="text-sm text-muted">{PRESENCE_WORDS[presenceOf(member)]}</span>
            </li>
          ))}
        </ul>
      )}
      <ol aria-label="Messages" className="px-2 py-2">
        {hits.map(({ id, author, sentAtMs, text, picture, ranges }) => (
          <li key={id}>
            <button
              type="button"
              data-testid="search-result"
              data-kind="message"
              data-id={id}
              className="block w-full rounded-xl px-2 py-2 text-left hover:bg-sunken"
              onClick={() => onJump(id)}
            >
              <span className="flex justify-between gap-3 text-sm text-muted figures">
                <span className="min-w-0 truncate font-semibold text-ink">
                  <bdi>{byId.get(id)?.authorName ?? author}</bdi>
                </span>
                <span className="shrink-0">
                  {dayName(sentAtMs, nowMs)}, {timeOfDay(sentAtMs)}
                </span>
              </span>
              <span className="line-clamp-3 [overflow-wrap:anywhere]">
                {picture && (
                  <ImageIcon aria-label="picture" className="mr-1 inline size-4 align-[-0.15em] text-muted" />
                )}
                <Marked {...excerpt(text, ranges)} />
              </span>
            </button>
          </li>
        ))}
      </ol>
      {hits.length === SHOWN_MAX && (
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

function Marked({ text, ranges }: { text: string; ranges: readonly TextRange[] }) {
  const ends = [0, ...ranges.map(({ end }) => end)]
  return (
    <bdi>
      {ranges.map(({ start, end }, index) => (
        <span key={start}>
          {text.slice(ends[index], start)}
          <mark className="rounded-sm bg-accent text-on-accent">{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(ends.at(-1))}
    </bdi>
  )
}

/** The part of a long message with the first of the words in it. */
function excerpt(text: string, ranges: readonly TextRange[]): { text: string; ranges: readonly TextRange[] } {
  const from = Math.max(0, (ranges[0]?.start ?? 0) - LEAD_CHARS)
  const shift = from === 0 ? 0 : from - 1
  const cut = (from === 0 ? '' : '…') + text.slice(from, from + SHOWN_CHARS)
  return {
    text: cut,
    ranges: ranges
      .map(({ start, end }) => ({ start: start - shift, end: end - shift }))
      .filter(({ end }) => end <= cut.length),
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
