import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fromBase64Url, toBase64Url } from './base64url'
import { countedBytes } from './fixtures'
import { encodeSecret, newSecret, parseSecret, secretFragment, secretInFragment } from './secret'

describe('base64url', () => {
  it('[KY7] gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = toBase64Url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(fromBase64Url(text)).toEqual(bytes)
      }),
    )
  })

  it('[KY7] reads no text that it would not write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const bytes = fromBase64Url(text)
        if (bytes) expect(toBase64Url(bytes)).toBe(text)
      }),
    )
    expect(fromBase64Url('AB')).toBeNull()
    expect(fromBase64Url('AA==')).toBeNull()
    expect(fromBase64Url('A+/A')).toBeNull()
  })
})

describe('the secret of a room', () => {
  const secret = newSecret(countedBytes(1))

  it('[KY1] is 16 bytes and 22 symbols in the fragment of a link', () => {
    expect(secret).toHaveLength(16)
    const fragment = secretFragment(encodeSecret(secret))
    expect(fragment).toMatch(/^#k=[\w-]{22}$/)
    expect(secretInFragment(fragment)).toEqual(secret)
    expect(secretInFragment(`${fragment}&other=1`)).toEqual(secret)
  })

  it('[KY2] is absent where none is named, and malformed where it is not whole', () => {
    for (const fragment of ['', '#', '#content', '#x=1']) expect(secretInFragment(fragment)).toBeNull()
    const whole = secretFragment(encodeSecret(secret))
    for (const fragment of ['#k=', whole.slice(0, -1), `${whole}A`, `#k=${'é'.repeat(22)}`])
      expect(secretInFragment(fragment)).toBe('malformed')
  })

  it('[KY2] has one spelling', () => {
    // The last symbol carries two bits; the other four have to be zero.
    expect(parseSecret('A'.repeat(22))).toEqual(new Uint8Array(16))
    expect(parseSecret(`${'A'.repeat(21)}B`)).toBeNull()
  })
})
