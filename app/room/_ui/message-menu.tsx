'use client'

import { Copy, EyeOff, Trash2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { ComponentType, KeyboardEvent, SVGProps } from 'react'

import type { ChatMessage } from '@/lib/chat/types'
import { copyText } from '@/lib/react/copy-text'

const GAP_PX = 4
const WIDTH_PX = 224
const ROOM_PX = 176

/** What one may do with a message. One menu for the whole log, shown beside the message that asked for it. */
export function MessageMenu({
  target,
  onClose,
  onDeleteForMe,
  onDeleteForAll,
}: {
  target: { readonly message: ChatMessage; readonly by: HTMLElement } | null
  onClose: () => void
  onDeleteForMe: (id: string) => void
  onDeleteForAll: (id: string) => void
}) {
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = menu.current
    if (!element || !target) return
    const { left, right, top, bottom } = target.by.getBoundingClientRect()
    const x = Math.max(GAP_PX, Math.min(left, innerWidth - WIDTH_PX - GAP_PX, right))
    const below = bottom + ROOM_PX < innerHeight
    element.style.left = `${x}px`
    element.style.top = below ? `${bottom + GAP_PX}px` : 'auto'
    element.style.bottom = below ? 'auto' : `${innerHeight - top + GAP_PX}px`
    if (!element.matches(':popover-open')) element.showPopover()
    element.querySelector('button')?.focus()
  }, [target])

  const message = target?.message
  const close = () => menu.current?.hidePopover()
  return (
    <div
      ref={menu}
      popover="auto"
      role="menu"
      aria-label="Message"
      onToggle={(event) => {
        if (event.newState === 'closed') onClose()
      }}
      onKeyDown={moveFocus}
      className="fixed inset-auto m-0 w-56 rounded-2xl border border-line bg-surface p-1.5 text-ink shadow-card"
    >
      {message?.body.type === 'text' && !message.deleted && (
        <Item
          icon={Copy}
          label="Copy text"
          onClick={() => {
            if (message.body.type === 'text') void copyText(message.body.text)
            close()
          }}
        />
      )}
      {message && (
        <Item
          icon={EyeOff}
          label="Delete for me"
          testId="delete-for-me"
          onClick={() => {
            close()
            onDeleteForMe(message.id)
          }}
        />
      )}
      {message?.own && !message.deleted && (
        <Item
          icon={Trash2}
          label="Delete for all"
          testId="delete-for-all"
          onClick={() => {
            close()
            onDeleteForAll(message.id)
          }}
        />
      )}
    </div>
  )
}

function Item({
  icon: Icon,
  label,
  testId,
  onClick,
}: {
  icon: ComponentType<SVGProps<SVGSVGElement>>
  label: string
  testId?: string
  onClick: () => void
}) {
  return (
    <button
      type="button"
      role="menuitem"
      data-testid={testId}
      className="flex min-h-11 w-full items-center gap-3 rounded-xl px-3 text-left font-medium hover:bg-sunken"
      onClick={onClick}
    >
      <Icon aria-hidden="true" className="size-5 shrink-0 text-muted" />
      {label}
    </button>
  )
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  const items = [...event.currentTarget.querySelectorAll('button')]
  const index = items.findIndex((item) => item === document.activeElement)
  items.at((index + step) % items.length)?.focus()
}
