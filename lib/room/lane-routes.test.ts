import { expect, it } from 'vitest'

import { laneRoutes } from './lane-routes'

it('names of a server that has none are left out, not undefined', () => {
  const turn = { urls: 'turn:example.org', username: 'anna', credential: 'secret' }
  const { iceServers, turnOnly } = laneRoutes([{ urls: ['stun:example.org'] }, turn], true)
  expect(iceServers.map((server) => Object.keys(server))).toEqual([
    ['urls'],
    ['urls', 'username', 'credential'],
  ])
  expect([iceServers[1], turnOnly]).toEqual([turn, true])
})
