'use client'

import { useEffect, useState } from 'react'

import { loadNotificationChoice } from '@/lib/room/notification-choice'
import type { RoomState } from '@/lib/room/types'

import { NewMessages, noticeOf } from './notifications'
import { closeNotice, noticePermission, setBadge, showNotice } from './system-notices'

/** Says on the system what is new while the page is not looked at, as its person chose for this room. */
export function useRoomNotices({ code, phase, chat }: RoomState, title: string): void {
  const [news] = useState(() => new NewMessages())
  const { messages, unread } = chat

  useEffect(() => {
    const fresh = news.take(messages, phase === 'joined' || phase === 'reconnecting')
    if (code === null || fresh.length === 0) return
    const notice = noticeOf(fresh, {
      room: { code, title },
      choice: loadNotificationChoice(code),
      visible: document.visibilityState === 'visible' && document.hasFocus(),
      allowed: noticePermission() === 'allowed',
    })
    if (notice) showNotice(notice)
  }, [news, messages, phase, code, title])

  useEffect(() => {
    setBadge(unread)
    if (unread === 0 && code !== null) closeNotice(code)
  }, [unread, code])
  useEffect(() => () => setBadge(0), [])
}
