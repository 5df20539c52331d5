import { expect, test } from '@/e2e/fixtures/server'

for (const path of ['/', '/receive', '/send', '/no-such-page']) {
  test(`every inline script of ${path} carries the nonce of its response, and nothing else is inline`, async ({
    request,
  }) => {
    const nonces = new Set<string>()
    for (let visit = 0; visit < 2; visit++) {
      const response = await request.get(path)
      const nonce = /'nonce-([^']+)'/.exec(response.headers()['content-security-policy'] ?? '')?.[1]
      const html = await response.text()
      const inline = (html.match(/<script\b[^>]*>/g) ?? []).filter((tag) => !tag.includes(' src='))
      expect(inline.length).toBeGreaterThan(0)
      for (const tag of inline) expect(tag).toContain(` nonce="${nonce}"`)
      expect(html).not.toMatch(/<[^>]+ (style|on[a-z]+)=/)
      nonces.add(nonce ?? '')
    }
    expect(nonces.size).toBe(2)
  })
}
