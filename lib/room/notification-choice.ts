/** What a room may put on this device's screen while its page is not looked at. */
export interface NotificationChoice {
  /** `mentions`: also what was sent to this member alone. */
  readonly about: 'nothing' | 'mentions' | 'everything'
  /** False: neither who wrote nor what; others may see the screen. */
  readonly withText: boolean
}

export const NO_NOTIFICATIONS: NotificationChoice = { about: 'nothing', withText: true }

const KEY_PREFIX = 'shoal.notify.'

/** Off for a room about which nobody chose. */
export function loadNotificationChoice(room: string): NotificationChoice {
  try {
    return parseChoice(JSON.parse(window.localStorage.getItem(KEY_PREFIX + room) ?? 'null'))
  } catch {
    return NO_NOTIFICATIONS
  }
}

export function saveNotificationChoice(room: string, choice: NotificationChoice): void {
  try {
    window.localStorage.setItem(KEY_PREFIX + room, JSON.stringify(choice))
  } catch {
    // Storage may be forbidden or full; the choice then lasts as long as the page.
  }
}

export function dropNotificationChoice(room: string): void {
  try {
    window.localStorage.removeItem(KEY_PREFIX + room)
  } catch {
    // Where nothing can be stored, nothing is there.
  }
}

function parseChoice(value: unknown): NotificationChoice {
  if (typeof value !== 'object' || value === null) return NO_NOTIFICATIONS
  const { about, withText } = value as Readonly<Record<string, unknown>>
  if (about !== 'mentions' && about !== 'everything') return NO_NOTIFICATIONS
  return { about, withText: withText !== false }
}
