import type { PictureFacts } from './inspect'
import type { PictureSettings } from './settings'

/** What a person may want to know about a prepared picture, and cannot see from the figures. */
export type PrepareNote =
  | 'already-small'
  | 'kept-animated'
  | 'kept-damaged'
  | 'location-removed'
  | 'location-included'
  | 'type-changed'
  | 'no-preview'

/** One sentence each, for the page. */
export const NOTE_TEXTS: Readonly<Record<PrepareNote, string>> = {
  'already-small': 'It is as small as it gets at these settings, so it is sent as it is.',
  'kept-animated': 'It moves, so it is sent as it is: compressing would keep its first frame only.',
  'kept-damaged': 'It is damaged, so it is sent exactly as it is.',
  'location-removed': 'The place where it was taken is removed.',
  'location-included': 'The file names the place where it was taken; whoever gets it can read that.',
  'type-changed': 'It is sent in another format, which is smaller.',
  'no-preview': 'This browser cannot show a preview of it.',
}

export function notesOn(
  before: PictureFacts,
  after: PictureFacts,
  settings: PictureSettings,
  hasPreview: boolean,
): PrepareNote[] {
  const notes: PrepareNote[] = []
  const isKept = before === after
  if (isKept && settings.kind === 'compress') {
    notes.push(before.damage !== null ? 'kept-damaged' : before.animated ? 'kept-animated' : 'already-small')
  }
  if (after.type !== before.type) notes.push('type-changed')
  if (before.hasLocation) notes.push(after.hasLocation ? 'location-included' : 'location-removed')
  if (!hasPreview) notes.push('no-preview')
  return notes
}
