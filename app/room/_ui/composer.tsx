'use client'

import { EyeOff, ImagePlus, SendHorizontal, X } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'

import { TEXT_MAX_CHARS } from '@/lib/chat/types'
import { ACCEPT } from '@/lib/image/intake'
import { ERROR_CATALOGUE } from '@/lib/protocol/errors'
import type { ErrorCode } from '@/lib/protocol/errors'
import type { TransferMode } from '@/lib/protocol/report'
import { formatCount, formatNames } from '@/lib/react/format'
import type { DeskState, PictureDesk } from '@/lib/react/picture-desk'
import type { RoomOutbox, RoomOutboxState } from '@/lib/react/room-outbox'
import type { RoomSession, RoomState } from '@/lib/room/types'

import { EmojiPalette } from './emoji-palette'
import { StagedPicture } from './staged-picture'

/** The counter shows itself when so many characters are left. */
const COUNTED_FROM = TEXT_MAX_CHARS - 400
const BOX_MAX_PX = 180

/** Where one writes: text, pictures, to everyone or to one. Enter sends, Shift and Enter begin a new line. */
export function Composer({
  session,
  room,
  desk,
  picked,
  outbox,
  outgoing,
  input,
  takeInput,
  mode,
  onMode,
  onSent,
}: {
  session: RoomSession
  room: RoomState
  desk: PictureDesk
  picked: DeskState
  outbox: RoomOutbox
  outgoing: RoomOutboxState
  input: RefObject<HTMLInputElement | null>
  takeInput: (input: HTMLInputElement) => void
  mode: TransferMode
  onMode: (mode: TransferMode) => void
  onSent: () => void
}) {
  const box = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const [to, setTo] = useState<string | null>(null)
  const [refused, setRefused] = useState<ErrorCode | null>(null)
  const count = countChars(text)
  const tooLong = count > TEXT_MAX_CHARS
  const hasPicture = picked.file !== null && picked.errorCode === null
  const canSend = !tooLong && (text.trim() !== '' || (hasPicture && outgoing.armed === null))
  const readers = room.members.filter((member) => member.identity !== null)
  const reader = readers.find((member) => member.identity === to) ?? null
  const errorCode = refused ?? outgoing.errorCode

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${Math.min(BOX_MAX_PX, element.scrollHeight + 2)}px`
  }, [text])
  // After a pick Enter sends it.
  useEffect(() => {
    if (picked.pickId > 0 && picked.file) box.current?.focus()
  }, [picked.pickId, picked.file])

  const send = () => {
    if (!canSend) return
    const startedAtMs = clickTime()
    const target = reader?.identity ?? null
    if (hasPicture && outgoing.armed === null) outbox.press({ mode, to: target, startedAtMs })
    if (text.trim() !== '') {
      const problem = session.chat
        ? session.chat.sendText({ text, ...(target !== null && { to: target }) })
        : 'SHOAL_NOT_IN_ROOM'
      setRefused(problem)
      if (problem === null) setText('')
    }
    onSent()
    box.current?.focus()
  }
  const handleKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // An input method confirms a character with Enter.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === 'Escape') {
      if (outgoing.armed) outbox.disarm()
      else setTo(null)
    }
  }
  const insert = (emoji: string) => {
    const element = box.current
    const [from, until] = [element?.selectionStart ?? text.length, element?.selectionEnd ?? text.length]
    setText(text.slice(0, from) + emoji + text.slice(until))
    requestAnimationFrame(() => element?.setSelectionRange(from + emoji.length, from + emoji.length))
  }

  return (
    <form
      aria-label="Write a message"
      className={`shrink-0 border-t border-line px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] lg:px-6 ${reader ? 'bg-warn-soft' : 'bg-surface'}`}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className="mx-auto max-w-4xl">
        <div className="flex min-h-7 items-center justify-between gap-3 text-sm text-muted">
          <p className="min-w-0 truncate" aria-live="polite">
            {typingWords(room)}
          </p>
          {count > COUNTED_FROM && (
            <p
              id="chat-count"
              className={`shrink-0 figures ${tooLong ? 'font-semibold text-danger' : ''}`}
              aria-live={tooLong ? 'polite' : 'off'}
            >
              {tooLong
                ? `${formatCount(count - TEXT_MAX_CHARS)} characters too many`
                : `${formatCount(count)} of ${formatCount(TEXT_MAX_CHARS)}`}
            </p>
          )}
        </div>
        <StagedPicture desk={desk} picked={picked} mode={mode} onMode={onMode} />
        {errorCode && (
          <p role="alert" className="mb-2 text-base text-danger">
            {ERROR_CATALOGUE[errorCode].message} {ERROR_CATALOGUE[errorCode].nextStep}
          </p>
        )}
        {readers.length > 0 && (
          <div className="mb-1.5 flex items-center gap-1 text-sm">
            <label className="flex min-w-0 items-center gap-1.5">
              {reader && <EyeOff aria-hidden="true" className="size-4 shrink-0 text-warn" />}
              <span className="shrink-0 text-muted">{reader ? 'Only to' : 'To'}</span>
              <select
                data-testid="chat-to"
                value={reader?.identity ?? ''}
                onChange={(event) => {
                  setTo(event.target.value === '' ? null : event.target.value)
                  box.current?.focus()
                }}
                className="h-8 max-w-56 min-w-0 truncate rounded-lg bg-transparent pr-1 font-medium text-ink hover:bg-sunken"
              >
                <option value="">everyone</option>
                {readers.map((member) => (
                  <option key={member.id} value={member.identity ?? ''}>
                    {member.name}
                  </option>
                ))}
              </select>
            </label>
            {reader && (
              <button
                type="button"
                aria-label="To everyone again"
                className="flex size-8 items-center justify-center rounded-lg text-muted hover:text-ink"
                onClick={() => setTo(null)}
              >
                <X aria-hidden="true" className="size-4" />
              </button>
            )}
          </div>
        )}
        <div className="flex items-end gap-1 rounded-3xl border border-line-strong bg-surface p-1 focus-within:border-accent focus-within:ring-1 focus-within:ring-accent">
          <label
            title="Pick pictures"
            className="relative flex size-11 shrink-0 items-center justify-center rounded-full text-muted transition-colors hover:bg-sunken hover:text-ink has-focus-visible:outline-3 has-focus-visible:outline-accent"
          >
            <ImagePlus aria-hidden="true" className="size-5.5" />
            <input
              ref={input}
              data-testid="pick-image"
              type="file"
              multiple
              accept={ACCEPT}
              aria-label="Pick pictures"
              className="absolute inset-0 size-full cursor-pointer opacity-0"
              onChange={(event) => takeInput(event.currentTarget)}
            />
          </label>
          <textarea
            ref={box}
            data-testid="chat-input"
            aria-label={reader ? `Message only to ${reader.name}` : 'Message to everyone'}
            aria-describedby={count > COUNTED_FROM ? 'chat-count' : undefined}
            aria-invalid={tooLong}
            placeholder={reader ? `Only to ${reader.name}` : 'Message'}
            rows={1}
            dir="auto"
            enterKeyHint="send"
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setRefused(null)
              session.chat?.handleTyping()
            }}
            onKeyDown={handleKey}
            className="max-h-45 min-h-11 min-w-0 flex-1 resize-none bg-transparent px-1 py-2.5 text-base leading-6 text-ink outline-none placeholder:text-muted"
          />
          <EmojiPalette onPick={insert} />
          <button
            type="submit"
            data-testid="send"
            aria-label="Send"
            disabled={!canSend}
            className="flex size-11 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-strong disabled:cursor-not-allowed disabled:bg-sunken disabled:text-muted"
          >
            <SendHorizontal aria-hidden="true" className="size-5" />
          </button>
        </div>
      </div>
    </form>
  )
}

function typingWords(room: RoomState): string {
  const names = room.chat.typing.map(({ name }) => name)
  if (names.length === 0) return ''
  return `${formatNames(names)} ${names.length === 1 ? 'is' : 'are'} typing…`
}

/** Characters as people count them; a short text needs no counting one by one. */
function countChars(text: string): number {
  return text.length < COUNTED_FROM ? text.length : Array.from(text).length
}

function clickTime(): number {
  return Date.now()
}
