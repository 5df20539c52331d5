'use client'

import { ChevronDown } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'

import type { ChatMessage } from '@/lib/chat/types'
import type { TransferMode } from '@/lib/protocol/report'
import { pageMessages } from '@/lib/react/chat-entries'
import type { transfersByMessage } from '@/lib/react/message-transfers'
import type { RoomFacts } from '@/lib/react/room-link'
import { unreadText } from '@/lib/react/room-title'
import { newestActive, newestRepairable } from '@/lib/react/transfer-choice'
import { useFileIntake } from '@/lib/react/use-file-intake'
import { usePictureDesk } from '@/lib/react/use-picture-desk'
import { useRoomOutbox } from '@/lib/react/use-room-outbox'
import type { RoomSession, RoomState } from '@/lib/room/types'

import { ErrorNotice } from '../../_ui/notice'
import { Reconnecting } from '../../_ui/reconnecting'
import { ChatLog } from './chat-log'
import { Composer } from './composer'
import { EmptyChat } from './empty-chat'
import { MessageMenu } from './message-menu'
import type { PictureActions } from './picture-message'
import { TransferStrip } from './transfer-strip'

/** The messages, and the box that one writes in. */
export function ChatPanel({
  session,
  room,
  facts,
  invitedInChat,
  carried,
  pictures,
  jumpTo,
  mode: firstMode,
  lanes,
  compress,
  sending,
}: {
  session: RoomSession
  room: RoomState
  facts: RoomFacts
  invitedInChat: boolean
  carried: ReturnType<typeof transfersByMessage>
  pictures: PictureActions
  jumpTo: { readonly id: string; readonly at: number } | null
  mode: TransferMode
  lanes: number | null
  compress: boolean
  sending: boolean
}) {
  const [mode, setMode] = useState(firstMode)
  const connected = room.members.some((member) => member.link === 'open')
  const { desk, picked } = usePictureDesk(session, { compress, connected })
  const { outbox, state: outgoing, ownPictures } = useRoomOutbox(session, desk)
  const input = useRef<HTMLInputElement>(null)
  const { dragging, takeInput } = useFileIntake(desk, input)
  useEffect(() => {
    session.prepare({ mode, picture: picked.picture, ...(lanes !== null && { lanes }) })
  }, [session, mode, lanes, picked.picture])

  const messages = useMemo(
    () => pageMessages(room.chat.messages, carried.others),
    [room.chat.messages, carried.others],
  )
  const [atEnd, setAtEnd] = useState(true)
  const [toEnd, setToEnd] = useState(0)
  const { unread } = room.chat
  useMarkRead(session, unread, atEnd)
  const [menu, setMenu] = useState<{ readonly message: ChatMessage; readonly by: HTMLElement } | null>(null)
  const openMenu = useCallback((message: ChatMessage, by: HTMLElement) => setMenu({ message, by }), [])

  const active = newestActive(room.transfers)
  const repairable = newestRepairable(room.transfers)
  return (
    <section aria-label="Chat" className="relative flex min-h-0 flex-1 flex-col">
      {room.phase === 'reconnecting' && (
        <div className="px-3 pt-2">
          <Reconnecting busy={sending} errorCode={room.errorCode} chat />
        </div>
      )}
      {room.phase !== 'reconnecting' && room.errorCode && (
        <div className="px-3 pt-2">
          <ErrorNotice code={room.errorCode} tone="warn" />
        </div>
      )}
      {messages.length === 0 ? (
        <EmptyChat room={room} facts={facts} invites={invitedInChat} />
      ) : (
        <ChatLog
          messages={messages}
          carried={carried.byMessage}
          others={carried.others}
          members={room.members}
          ownPictures={ownPictures}
          pictures={pictures}
          jumpTo={jumpTo}
          toEnd={toEnd}
          onAtEnd={setAtEnd}
          onMenu={openMenu}
        />
      )}
      {!atEnd && messages.length > 0 && (
        <div className="relative">
          <button
            type="button"
            className="absolute right-4 bottom-3 z-10 flex min-h-11 items-center gap-1.5 rounded-full border border-line bg-surface px-4 font-semibold shadow-card hover:bg-sunken"
            onClick={() => setToEnd(toEnd + 1)}
          >
            <ChevronDown aria-hidden="true" className="size-5" />
            {unread > 0 ? `${unreadText(unread)} new` : 'Newest'}
          </button>
        </div>
      )}
      <TransferStrip
        active={active}
        transfers={room.transfers}
        repairable={repairable}
        waiting={outgoing.armed !== null}
        onCancel={() => {
          outbox.disarm()
          for (const { key, transferId, state } of room.transfers) {
            const isRunning =
              state !== 'done' && state !== 'failed' && state !== 'cancelled' && state !== 'incomplete'
            if (isRunning && transferId === active?.transferId) session.cancel(key)
          }
        }}
        onRepair={() => repairable && session.repair(repairable.key)}
      />
      <Composer
        session={session}
        room={room}
        desk={desk}
        picked={picked}
        outbox={outbox}
        outgoing={outgoing}
        input={input}
        takeInput={takeInput}
        mode={mode}
        onMode={setMode}
        onSent={() => setToEnd((before) => before + 1)}
      />
      {dragging && (
        <div className="pointer-events-none absolute inset-2 z-20 flex items-center justify-center rounded-3xl border-2 border-dashed border-accent bg-accent-soft/90 text-xl font-semibold text-accent-ink">
          Let go to send it here
        </div>
      )}
      <MessageMenu
        target={menu}
        onClose={() => setMenu(null)}
        onDeleteForMe={(id) => session.chat?.deleteForMe(id)}
        onDeleteForAll={(id) => session.chat?.deleteForAll(id)}
      />
    </section>
  )
}

/** Read is what stood on a screen that somebody may look at. */
function useMarkRead(session: RoomSession, unread: number, atEnd: boolean): void {
  useEffect(() => {
    if (unread === 0 || !atEnd) return
    const look = () => {
      if (document.visibilityState === 'visible' && document.hasFocus()) session.chat?.markRead()
    }
    look()
    document.addEventListener('visibilitychange', look)
    window.addEventListener('focus', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      window.removeEventListener('focus', look)
    }
  }, [session, unread, atEnd])
}
