'use client'

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'

import type { ChatState } from '@/lib/chat/types'
import {
  loadNotificationChoice,
  NO_NOTIFICATIONS,
  type NotificationChoice,
  saveNotificationChoice,
} from '@/lib/room/notification-choice'

import { NewMessages, noticeOf } from './notifications'
import { askForNotices, closeNotice, noticePermission, setBadge, showNotice } from './system-notices'
import type { NoticePermission } from './system-notices'

export interface RoomNotifications {
  readonly permission: NoticePermission
  readonly choice: NotificationChoice
  /** At a person's click: asks the browser first where that is needed. */
  readonly choose: (choice: NotificationChoice) => void
}

/**
 * The badge and the system notifications of one room; `code` null before there is one. `live`: the page is in the room.
 */
export function useNotifications(options: {
  readonly code: string | null
  readonly title: string
  readonly chat: ChatState
  readonly live: boolean
}): RoomNotifications {
  const { code, title, chat, live } = options
  const [news] = useState(() => new NewMessages())
  const choice = useChoice(code)
  const permission = useSyncExternalStore(subscribe, noticePermission, () => 'no' as const)

  useEffect(() => {
    const fresh = news.take(chat.messages, live)
    if (code === null) return
    const visible = document.visibilityState === 'visible'
    const allowed = noticePermission() === 'allowed'
    const notice = noticeOf(fresh, { room: { code, title }, choice, visible, allowed })
    if (notice) showNotice(notice)
  }, [news, chat.messages, live, code, title, choice])

  useEffect(() => {
    setBadge(chat.unread)
    return () => setBadge(0)
  }, [chat.unread])

  useEffect(() => {
    if (code === null) return
    const closeWhenSeen = () => {
      if (document.visibilityState === 'visible') closeNotice(code)
    }
    document.addEventListener('visibilitychange', closeWhenSeen)
    return () => {
      document.removeEventListener('visibilitychange', closeWhenSeen)
      closeNotice(code)
    }
  }, [code])

  const choose = useCallback(
    (next: NotificationChoice) => {
      if (code === null) return
      choices.set(code, next)
      saveNotificationChoice(code, next)
      changed()
      if (next.about !== 'nothing') void askForNotices().then(changed)
    },
    [code],
  )
  return { permission, choice, choose }
}

const listeners = new Set<() => void>()
/** Read once: what a store hands to React has to stay the same object. */
const choices = new Map<string, NotificationChoice>()

function useChoice(code: string | null): NotificationChoice {
  const read = useCallback(() => (code === null ? NO_NOTIFICATIONS : choiceOf(code)), [code])
  return useSyncExternalStore(subscribe, read, () => NO_NOTIFICATIONS)
}

function choiceOf(code: string): NotificationChoice {
  const known = choices.get(code) ?? loadNotificationChoice(code)
  choices.set(code, known)
  return known
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function changed(): void {
  for (const listener of [...listeners]) listener()
}
