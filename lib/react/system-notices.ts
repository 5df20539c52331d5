import type { Notice } from './notifications'

/** `no`: the page may not even ask, for instance over plain http from another device. */
export type NoticePermission = 'no' | 'ask' | 'allowed' | 'denied'

const shown = new Map<string, Notification>()

export function noticePermission(): NoticePermission {
  if (!window.isSecureContext || typeof Notification === 'undefined') return 'no'
  if (Notification.permission === 'granted') return 'allowed'
  return Notification.permission === 'denied' ? 'denied' : 'ask'
}

/** Only at a person's click: browsers hold a page that asks by itself for a nuisance, and people too. */
export async function askForNotices(): Promise<NoticePermission> {
  if (noticePermission() === 'ask') {
    try {
      await Notification.requestPermission()
    } catch {
      // The answer is in `permission` either way.
    }
  }
  return noticePermission()
}

/** False where this browser shows none from a page (Chrome on Android wants a service worker). */
export function showNotice({ title, body, tag }: Notice): boolean {
  try {
    const notification = new Notification(title, { body, tag, icon: '/icon-180.png' })
    notification.onclick = () => {
      window.focus()
      notification.close()
    }
    notification.onclose = () => {
      if (shown.get(tag) === notification) shown.delete(tag)
    }
    shown.set(tag, notification)
    return true
  } catch {
    return false
  }
}

/** The room is looked at, or left. */
export function closeNotice(tag: string): void {
  shown.get(tag)?.close()
  shown.delete(tag)
}

/** The number on the icon of an installed page, where the browser has that; 0 takes it away. */
export function setBadge(count: number): void {
  if (!('setAppBadge' in navigator)) return
  const done = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()
  done.catch(() => undefined)
}
