import Bowser from 'bowser'

import { NAME_MAX_CHARS } from '@/lib/signalling/name'

/** A friendly name for this device, such as "Firefox on Windows" or "Safari on iPhone"; at most 40 characters. */
export function defaultName(userAgent: string): string {
  if (userAgent === '') return 'This browser'
  const name = describe(userAgent)
  return name.length <= NAME_MAX_CHARS ? name : 'This browser'
}

function describe(userAgent: string): string {
  const { browser, os, platform } = Bowser.parse(userAgent)
  const browserName = browser.name && SHORT_NAMES[browser.name] ? SHORT_NAMES[browser.name] : browser.name
  const place = platform.model && APPLE_MODELS.has(platform.model) ? platform.model : os.name
  if (!browserName) return place ? `Browser on ${place}` : 'This browser'
  return place ? `${browserName} on ${place}` : browserName
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  'Microsoft Edge': 'Edge',
  'Samsung Internet for Android': 'Samsung Internet',
}

const APPLE_MODELS: ReadonlySet<string> = new Set(['iPhone', 'iPad'])
