import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { sha256 } from '@/e2e/fixtures/people'
import { expect, skipUnless, test } from '@/e2e/fixtures/test'
import { startTurnServer } from '@/e2e/fixtures/turn-server'

skipUnless('turnserver')

const folder = await generatePhotos()
const photo = join(folder, WHOLE.medium)

for (const mode of ['assured', 'repair'] as const) {
  test(`through a TURN server alone, with temporary credentials, a picture arrives exact in ${mode}`, async ({
    startServer,
    openReceiver,
    openSender,
  }) => {
    const turn = await startTurnServer()
    try {
      const server = await startServer({
        env: {
          ICE_SERVERS: JSON.stringify([{ urls: turn.url }]),
          TURN_SECRET: turn.secret,
          RELAY: 'off',
        },
      })
      const baseURL = server.origin
      const receiver = await openReceiver({ turn: 'only' }, { baseURL })
      const sender = await openSender(await receiver.code(), { turn: 'only', mode }, { baseURL })
      await sender.expectPath('turn')
      await receiver.expectPath('turn')
      await expect(sender.path).toHaveText(/Through a TURN server/)
      await sender.sendPicture(photo)
      const report = await receiver.report()
      expect(await sender.report()).toEqual(report)
      const digest = sha256(readFileSync(photo))
      expect(report).toMatchObject({ exact: true, sha256: digest, path: 'turn', relayedBytes: 0 })
    } finally {
      await turn.stop()
    }
  })
}

test('with a TURN server at hand two pages that can reach each other still go direct', async ({
  startServer,
  openReceiver,
  openSender,
}) => {
  const turn = await startTurnServer()
  try {
    const server = await startServer({
      env: { ICE_SERVERS: JSON.stringify([{ urls: turn.url }]), TURN_SECRET: turn.secret },
    })
    const baseURL = server.origin
    const receiver = await openReceiver({}, { baseURL })
    const sender = await openSender(await receiver.code(), {}, { baseURL })
    await sender.expectPath('direct')
    await receiver.expectPath('direct')
  } finally {
    await turn.stop()
  }
})
