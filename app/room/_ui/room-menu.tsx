'use client'

import { Download, LogOut, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ComponentType, ReactNode, SVGProps } from 'react'

import { myRooms } from '@/lib/react/my-rooms'
import type { RoomFacts } from '@/lib/react/room-link'
import { saveText } from '@/lib/react/save-text'
import type { RoomSession, RoomState } from '@/lib/room/types'

import { Button } from '../../_ui/button'
import { NoticeChoice } from './notice-choice'
import { Switch } from './switch'

export const ROOM_MENU_ID = 'room-menu-panel'

/** All that is about the room rather than about one message. */
export function RoomMenu({
  session,
  room,
  facts,
  onLeave,
}: {
  session: RoomSession
  room: RoomState
  facts: RoomFacts
  onLeave: () => void
}) {
  const [forgetting, setForgetting] = useState(false)
  const close = () => document.getElementById(ROOM_MENU_ID)?.hidePopover()
  return (
    <div
      id={ROOM_MENU_ID}
      popover="auto"
      role="group"
      aria-label="Room menu"
      onToggle={() => setForgetting(false)}
      className="room-menu w-80 max-w-[calc(100vw-1rem)] rounded-2xl border border-line bg-surface p-2 text-ink shadow-card"
    >
      <p className="px-3 pt-2 pb-1 text-sm text-muted">
        {facts.title && (
          <span className="block truncate text-base font-semibold text-ink">{facts.title}</span>
        )}
        You are <strong className="font-semibold [overflow-wrap:anywhere] text-ink">{room.selfName}</strong>
        {room.owner && ', and opened this room'}
      </p>
      <Switch
        testId="keep-history"
        checked={room.chat.keptHere}
        onChange={(keep) => session.chat?.keepHistory(keep)}
        title="Keep history here"
      >
        Messages stay on this device after the tab is closed. Otherwise they go with it.
      </Switch>
      {room.code !== null && <NoticeChoice key={room.code} code={room.code} />}
      <Item
        icon={Download}
        onClick={() => {
          const text = session.chat?.exportHistory()
          if (text !== undefined) saveText(`shoal-room-${room.code ?? 'chat'}.json`, text, 'application/json')
          close()
        }}
      >
        Export as JSON
      </Item>
      {forgetting ? (
        <div className="rounded-xl bg-danger-soft p-3">
          <p className="text-base">
            Forget this room? Its messages on this device and its place in “My rooms” are deleted, and you
            leave it.
          </p>
          <div className="mt-2 flex gap-2">
            <Button
              variant="danger"
              onClick={() => {
                session.chat?.keepHistory(false)
                // Who sees that the room is left may close the page: it is gone by then.
                const forgotten = room.code === null ? Promise.resolve() : myRooms().forget(room.code)
                void forgotten.finally(onLeave)
              }}
            >
              Forget it
            </Button>
            <Button variant="quiet" onClick={() => setForgetting(false)}>
              Keep it
            </Button>
          </div>
        </div>
      ) : (
        <Item icon={Trash2} onClick={() => setForgetting(true)}>
          Forget this room…
        </Item>
      )}
      <Item icon={LogOut} testId="leave" onClick={onLeave}>
        Leave
      </Item>
    </div>
  )
}

function Item({
  icon: Icon,
  testId,
  onClick,
  children,
}: {
  icon: ComponentType<SVGProps<SVGSVGElement>>
  testId?: string
  onClick: () => void
  children: ReactNode
}) {
  return (
    <button
      type="button"
      data-testid={testId}
      className="flex min-h-11 w-full items-center gap-3 rounded-xl px-3 text-left font-medium hover:bg-sunken"
      onClick={onClick}
    >
      <Icon aria-hidden="true" className="size-5 shrink-0 text-muted" />
      {children}
    </button>
  )
}
