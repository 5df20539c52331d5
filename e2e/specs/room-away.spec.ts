import { CuttableWay } from '@/e2e/fixtures/cuttable-way'
import type { Member } from '@/e2e/fixtures/people'
import { expect, test as base } from '@/e2e/fixtures/test'

const test = base.extend<{ readonly way: CuttableWay }>({
  way: async ({ server }, use) => {
    const way = await CuttableWay.to(server.port)
    await use(way)
    await way.stop()
  },
})

/** The server keeps a lost place for a minute, and looks once a second. */
const PLACE_GIVEN_UP_MS = 75_000

test('who was away for so long that its place was given up has all that was said, and all have what it wrote', async ({
  way,
  openMember,
  complaints,
}) => {
  test.setTimeout(180_000)
  // What a browser itself writes about a server that it cannot reach.
  complaints.allow(/WebSocket connection to .* failed|net::ERR_|Failed to load resource/)
  const anna = await openMember({ name: 'ANNA' })
  const link = await anna.link()
  const [ben, cleo] = await Promise.all([
    openMember({ name: 'BEN', link }),
    openMember({ name: 'CLEO', link }, { baseURL: way.origin }),
  ])
  const everyone = [anna, ben, cleo]
  for (const member of everyone) await member.expectMembers(3)
  await cleo.say('CLEO before')
  await ben.say('BEN before')
  await anna.say('ANNA before')
  for (const reader of everyone)
    for (const name of ['ANNA', 'BEN', 'CLEO']) await expectHeard(reader, name, 'before')

  await test.step('its network is cut: both sides see it, and what either says stays there', async () => {
    way.cut()
    await cleo.device.context.setOffline(true)
    await cleo.device.seam.killLanes()
    for (const member of [anna, ben]) await expect(presence(member, 'CLEO', 'away')).toHaveCount(1)
    await expect(cleo.page.getByText('Reconnecting to the server…')).toBeVisible()
    await expect(presence(cleo, 'ANNA', 'here')).toHaveCount(0)
    for (let turn = 1; turn <= 3; turn++) {
      await cleo.say(`CLEO alone ${turn}`)
      await anna.say(`ANNA meanwhile ${turn}`)
      await expectHeard(ben, 'ANNA', `meanwhile ${turn}`)
      await ben.say(`BEN meanwhile ${turn}`)
      await expectHeard(anna, 'BEN', `meanwhile ${turn}`)
    }
    for (const member of [anna, ben]) {
      await expect(member.page.getByTestId('member').filter({ hasText: 'CLEO' })).toHaveCount(0, {
        timeout: PLACE_GIVEN_UP_MS,
      })
    }
    await cleo.say('CLEO alone 4')
    await anna.say('ANNA meanwhile 4')
    await expectHeard(ben, 'ANNA', 'meanwhile 4')
    await expect(cleo.page.getByText('meanwhile')).toHaveCount(0)
    for (const member of [anna, ben]) await expect(member.page.getByText('alone')).toHaveCount(0)
  })

  await test.step('it comes back, and all three have everything once and in order', async () => {
    way.mend()
    await cleo.device.context.setOffline(false)
    for (const member of everyone) await member.expectMembers(3)
    // What comes after all of it shows that nothing of it is still under way.
    for (const [member, name] of [
      [anna, 'ANNA'],
      [ben, 'BEN'],
      [cleo, 'CLEO'],
    ] as const) {
      await member.say(`${name} together`)
      for (const reader of everyone) await expectHeard(reader, name, 'together')
    }
    const shown = await texts(anna)
    for (const reader of everyone) expect(await texts(reader)).toEqual(shown)
    const of = (name: string) => shown.filter((text) => text?.startsWith(name))
    const meanwhile = [1, 2, 3].map((turn) => `meanwhile ${turn}`)
    const said = {
      ANNA: ['before', ...meanwhile, 'meanwhile 4', 'together'],
      BEN: ['before', ...meanwhile, 'together'],
      CLEO: ['before', ...[1, 2, 3, 4].map((turn) => `alone ${turn}`), 'together'],
    }
    for (const [name, words] of Object.entries(said)) {
      expect(of(name)).toEqual(words.map((word) => `${name} ${word}`))
    }
    expect(shown).toHaveLength(Object.values(said).flat().length)
  })
})

async function expectHeard(reader: Member, author: string, words: string): Promise<void> {
  await expect(reader.messageOf(author, words)).toHaveCount(1, { timeout: 30_000 })
}

function presence(member: Member, name: string, state: 'here' | 'away') {
  return member.page.locator(`[data-testid=member][data-presence=${state}]`).filter({ hasText: name })
}

/** Everything that this page has, from top to bottom. */
async function texts(reader: Member): Promise<(string | null)[]> {
  return (await reader.exported()).messages.map(({ text }) => text)
}
