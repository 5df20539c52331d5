import { describe, expect, it } from 'vitest'

import { messageParts } from './message-parts'

const links = (text: string) =>
  messageParts(text).flatMap((part) => (part.type === 'link' ? [part.href] : []))

describe('the links of a message', () => {
  it.each([
    ['see https://example.org/a?b=c#d.', 'https://example.org/a?b=c#d'],
    ['(http://example.org/sea_(salt))', 'http://example.org/sea_(salt)'],
    ['HTTPS://EXAMPLE.ORG', 'https://example.org/'],
  ])('of %j is %s', (text, href) => {
    expect(links(text)).toEqual([href])
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,hi',
    'example.org',
    'http://',
    'https://bank.example@evil.example/',
    'file:///etc/passwd',
  ])('are none in %j', (text) => {
    expect(links(text)).toEqual([])
  })

  it('show a host of other letters as what it is', () => {
    // The first letter is Cyrillic.
    expect(messageParts('https://\u0430pple.example/x')).toEqual([
      { type: 'link', text: 'https://xn--pple-43d.example/x', href: 'https://xn--pple-43d.example/x' },
    ])
  })

  it('lose nothing of the text around them', () => {
    const text = 'one https://a.example/, two http://b.example/x! three'
    expect(
      messageParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  })
})
