import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { safePictureName } from './name'

describe('safePictureName', () => {
  it.each([
    ['holiday.jpg', 'image/jpeg', 'holiday.jpg'],
    ['IMG_0001.JPEG', 'image/jpeg', 'IMG_0001.JPEG'],
    ['photo.png', 'image/jpeg', 'photo.jpg'],
    ['IMG_2.HEIC', 'image/jpeg', 'IMG_2.jpg'],
    ['my.holiday', 'image/webp', 'my.holiday.webp'],
    ['setup.exe', 'image/png', 'setup.exe.png'],
    ['C:\\Users\\anna\\secret\\cat.jpg', 'image/jpeg', 'cat.jpg'],
    ['../../etc/passwd', 'image/jpeg', 'passwd.jpg'],
    ['photo\u202egnp.exe.jpg', 'image/jpeg', 'photognp.exe.jpg'],
    ['a\u0000b\nc\u200b.jpg', 'image/jpeg', 'abc.jpg'],
    ['what? "this": <that>|*.jpg', 'image/jpeg', 'what_ _this__ _that___.jpg'],
    ['  .hidden. .jpg', 'image/jpeg', 'hidden.jpg'],
    ['', 'image/jpeg', 'picture.jpg'],
    ['.jpg', 'image/jpeg', 'picture.jpg'],
    ['...', 'image/png', 'picture.png'],
    ['Überraschung für Zoë.jpg', 'image/jpeg', 'Überraschung für Zoë.jpg'],
    ['👨‍👩‍👧 zu Hause.jpg', 'image/jpeg', '👨‍👩‍👧 zu Hause.jpg'],
  ] as const)('makes %j (%s) %j', (name, type, safe) => {
    expect(safePictureName(name, type)).toBe(safe)
  })

  it('cuts a long name to 120 characters, and no emoji in half', () => {
    const safe = safePictureName(`${'🐟'.repeat(90)}.jpg`, 'image/jpeg')
    expect(safe).toBe(`${'🐟'.repeat(58)}.jpg`)
  })

  it('keeps every promise for any name, and leaves a safe name as it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0x10ffff), { maxLength: 140 }).map(toName),
        fc.constantFrom('image/jpeg', 'image/png', 'image/webp'),
        (name, type) => {
          const safe = safePictureName(name, type)
          expect(safe.length).toBeLessThanOrEqual(120)
          expect(safe).toMatch(/^[^\s.].*\.(jpe?g|jfif|png|webp)$/iu)
          expect(safe).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069/\\<>:"|?*]/u)
          expect(safePictureName(safe, type)).toBe(safe)
        },
      ),
      { numRuns: 500 },
    )
  })
})

/** Half of the characters from all of Unicode, half of those that mean something to a file system. */
function toName(codes: readonly number[]): string {
  const special = [' ', '.', '/', '\\', '\u0301', 'e', '\u200d', '\u202e', '\ud83d', ':', '\n', 'png']
  return codes
    .map((code) => (code % 2 === 0 ? String.fromCodePoint(code) : special[code % special.length]))
    .join('')
}
