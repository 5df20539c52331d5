import { expect, test } from '@/e2e/fixtures/server'

for (const path of ['/', '/receive', '/send']) {
  test(`${path} opens without an error, and nothing on it is refused by the content security policy`, async ({
    page,
  }) => {
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    const response = await page.goto(path, { waitUntil: 'networkidle' })
    expect(response?.status()).toBe(200)
    expect(response?.headers()['content-security-policy']).toContain("default-src 'self'")
    expect(complaints).toEqual([])
  })
}

test('loads everything it needs from the server itself', async ({ page, server }) => {
  const foreign: string[] = []
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (protocol.startsWith('http') && host !== new URL(server.origin).host) foreign.push(request.url())
  })
  await page.goto('/', { waitUntil: 'networkidle' })
  expect(foreign).toEqual([])
})

test('there is an icon where a browser asks for one before it has read the page', async ({
  request,
  server,
}) => {
  const icon = await request.get(`${server.origin}/favicon.ico`)
  expect([icon.status(), icon.headers()['content-type']]).toEqual([200, 'image/x-icon'])
})

test('a killed server starts again on its port, with the key it had', async ({ page, startServer }) => {
  const server = await startServer()
  await page.goto(server.origin)
  await server.kill()
  await expect(page.request.get(`${server.origin}/healthz`)).rejects.toThrow('ECONNREFUSED')
  await server.start()
  expect((await page.request.get(`${server.origin}/healthz`)).status()).toBe(200)
  await server.restart()
  expect((await page.request.get(`${server.origin}/healthz`)).status()).toBe(200)
})
