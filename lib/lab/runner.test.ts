import { expect, test } from 'vitest'

import { ShoalError } from '@/lib/protocol/errors'

import { makeResults } from './charts/fixtures'
import { makeRuns } from './runner'

const { experiment, runs } = makeResults({
  version: 1,
  contenders: ['assured', 'repair'],
  networks: [{ type: 'preset', name: 'home-wifi' }],
  pictures: [{ name: 'a.jpg', bytes: 1000 }],
  repetitions: 2,
  deadlineMs: 1000,
  seed: 1,
  start: 'warm',
})
const result = (key: string) => runs.find((run) => run.key === key) ?? null
const { signal } = new AbortController()

test('a connection that does not come up is tried three times, then its run is missing and the next one made', async () => {
  const tried: string[] = []
  const { runs: made, missing } = await makeRuns(signal, {
    experiment,
    run: ({ key, contender }) => {
      tried.push(key)
      if (contender === 'repair') return Promise.reject(new ShoalError('SHOAL_LAB_NOT_CONNECTED'))
      return Promise.resolve(result(key))
    },
  })
  expect(made.map(({ contender }) => contender)).toEqual(['assured', 'assured'])
  expect(missing.map(({ contender }) => contender)).toEqual(['repair', 'repair'])
  expect(tried).toHaveLength(2 + 2 * 3)
})

test('a connection that comes up at the second attempt costs nothing', async () => {
  let isFirst = true
  const { missing } = await makeRuns(signal, {
    experiment,
    run: ({ key }) => {
      if (!isFirst) return Promise.resolve(result(key))
      isFirst = false
      return Promise.reject(new ShoalError('SHOAL_LAB_NOT_CONNECTED'))
    },
  })
  expect(missing).toEqual([])
})

test('whatever else goes wrong ends the experiment', async () => {
  const run = () => Promise.reject(new ShoalError('SHOAL_SERVER_UNREACHABLE'))
  await expect(makeRuns(signal, { experiment, run })).rejects.toThrow(ShoalError)
})
