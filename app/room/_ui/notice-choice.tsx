'use client'

import { useId, useState } from 'react'

import { askForNotices, noticePermission } from '@/lib/react/system-notices'
import type { NoticePermission } from '@/lib/react/system-notices'
import { loadNotificationChoice, saveNotificationChoice } from '@/lib/room/notification-choice'
import type { NotificationChoice } from '@/lib/room/notification-choice'

import { Switch } from './switch'

const WHY_NOT: Readonly<Record<NoticePermission, string | null>> = {
  ask: null,
  allowed: null,
  no: 'Not here: a browser allows them on https and on this computer’s own pages alone.',
  denied: 'Your browser was told to show none of this page; its settings can change that.',
}

/** What this room may show on the screen while its page is not looked at; nothing unless chosen. */
export function NoticeChoice({ code }: { code: string }) {
  const id = useId()
  const [choice, setChoice] = useState(() => loadNotificationChoice(code))
  const [permission, setPermission] = useState(noticePermission)
  const reason = WHY_NOT[permission]
  const choose = async (next: NotificationChoice) => {
    const answer = next.about === 'nothing' ? permission : await askForNotices()
    setPermission(answer)
    const kept =
      answer === 'allowed' || next.about === 'nothing' ? next : { ...next, about: 'nothing' as const }
    saveNotificationChoice(code, kept)
    setChoice(kept)
  }
  return (
    <>
      <label className="flex flex-wrap items-center gap-x-3 px-3 py-2">
        <span className="flex-1 font-medium">Notifications</span>
        <select
          data-testid="notifications"
          disabled={reason !== null}
          aria-describedby={id}
          value={reason === null ? choice.about : 'nothing'}
          onChange={(event) => {
            const about = ABOUT.find((each) => each === event.target.value) ?? 'nothing'
            void choose({ ...choice, about })
          }}
          className="h-10 rounded-xl bg-sunken px-2 disabled:text-muted"
        >
          <option value="nothing">none</option>
          <option value="mentions">mentions</option>
          <option value="everything">everything</option>
        </select>
        <span id={id} className="w-full text-sm text-muted">
          {reason ?? 'Shown by the system while this page is not looked at.'}
        </span>
      </label>
      {reason === null && choice.about !== 'nothing' && (
        <Switch
          testId="notification-text"
          checked={choice.withText}
          onChange={(withText) => void choose({ ...choice, withText })}
          title="With their text"
        >
          Others may see this screen: without it only the count is shown.
        </Switch>
      )}
    </>
  )
}

const ABOUT = ['nothing', 'mentions', 'everything'] as const
