import type { ImageType } from '@/lib/protocol/report'

const NAME_MAX_CHARACTERS = 120
const FALLBACK_STEM = 'picture'

/** The ending a name gets; the first is ours, the others are left as they are. */
const ENDINGS: Readonly<Record<ImageType, readonly [string, ...string[]]>> = {
  'image/jpeg': ['jpg', 'jpeg', 'jfif'],
  'image/png': ['png'],
  'image/webp': ['webp'],
}

/** Endings that name a picture: replaced when they are not the truth, where others are kept and added to. */
const PICTURE_ENDINGS = new Set([
  ...Object.values(ENDINGS).flat(),
  'heic',
  'heif',
  'avif',
  'gif',
  'bmp',
  'tif',
  'tiff',
])

/**
 * A name that is safe to show and to save: no folders, no control or direction-changing characters, nothing
 * that Windows forbids, 120 characters at most, and the ending of the picture's real type.
 */
export function safePictureName(name: string, type: ImageType): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  const clean = base
    // Controls (Cc), line and paragraph separators, and formats (Cf: direction overrides, soft hyphens,
    // invisible marks) and halves of characters (Cs), save the joiners that emoji and some scripts need.
    .replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .normalize('NFC')
  const { stem, ending } = splitEnding(clean, type)
  const room = NAME_MAX_CHARACTERS - ending.length - 1
  const short = cutCharacters(stem.replace(/^[\s.]+/, ''), room).replace(/[\s.]+$/, '')
  return `${short === '' ? FALLBACK_STEM : short}.${ending}`
}

function splitEnding(name: string, type: ImageType): { stem: string; ending: string } {
  const trimmed = name.replace(/[\s.]+$/, '')
  const dot = trimmed.lastIndexOf('.')
  const ending = dot === -1 ? '' : trimmed.slice(dot + 1)
  const lower = ending.toLowerCase()
  if (ENDINGS[type].includes(lower)) return { stem: trimmed.slice(0, dot), ending }
  const stem = PICTURE_ENDINGS.has(lower) ? trimmed.slice(0, dot) : trimmed
  return { stem, ending: ENDINGS[type][0] }
}

/** At most `count` UTF-16 units, never half a character. */
function cutCharacters(text: string, count: number): string {
  let end = 0
  for (const character of text) {
    if (end + character.length > count) break
    end += character.length
  }
  return text.slice(0, end)
}
