import { describe, expect, test } from 'vitest'

import { DEFAULT_EXPERIMENT } from './defaults'
import type { Experiment } from './experiment'
import { NETWORK_PRESETS } from './presets'
import { problemsOf } from './problems'

function problems(changes: Partial<Experiment>): Record<string, string> {
  const found = problemsOf({ ...DEFAULT_EXPERIMENT, ...changes })
  expect(new Set(found.map(({ path }) => path)).size).toBe(found.length)
  return Object.fromEntries(found.map(({ path, text }) => [path, text]))
}

const settings = NETWORK_PRESETS.lte.settings

describe('what is wrong with an experiment', () => {
  test('is nothing with the one that the page opens with', () => {
    expect(problems({})).toEqual({})
  })

  test('is said at the field where it was entered', () => {
    expect(problems({ contenders: [], networks: [], pictures: [] })).toEqual({
      contenders: 'Choose at least one way to send.',
      networks: 'Choose at least one network.',
      pictures: 'Choose at least one picture.',
    })
    expect(problems({ repetitions: 1.5, deadlineMs: 50, seed: NaN })).toEqual({
      repetitions: 'A whole number from 1 to 1000.',
      deadlineMs: 'From 0.1 to 600 seconds.',
      seed: 'A whole number from 0 to 4294967295.',
    })
    expect(problems({ repetitions: 1000, networks: sweeps(0, 10, 20, 30) })).toEqual({})
    expect(problems({ repetitions: 1000, networks: sweeps(0, 10, 20, 30, 40, 50) })).toEqual({
      repetitions: 'That makes more than 20000 runs.',
    })
  })

  test('names the number of a network that is outside its limits', () => {
    const wrong = { ...settings, lossPercent: 70, queuePackets: 1.5 }
    expect(
      problems({
        networks: [
          { type: 'preset', name: 'lte' },
          { type: 'settings', label: '', settings: wrong },
        ],
      }),
    ).toEqual({
      'networks.1.label': 'A name of 1 to 60 characters.',
      'networks.1.settings.lossPercent': 'Loss: from 0 to 60 %.',
      'networks.1.settings.queuePackets': 'Queue: whole numbers from 1 to 10000 packets.',
    })
    const over = { parameter: 'oneWayMs' as const, values: [1] }
    expect(problems({ networks: [{ type: 'sweep', base: { ...settings, mbit: 0 }, over }] })).toEqual({
      'networks.0.base.mbit': 'Rate: from 0.01 to 1000 Mbit/s.',
    })
  })

  test('is said of the steps of a sweep and of both axes of a matrix', () => {
    expect(problems({ networks: sweeps() })).toEqual({
      'networks.0.over': 'From the smaller to the larger number, by a step above 0.',
    })
    expect(problems({ networks: sweeps(10, 90) })).toEqual({ 'networks.0.over': 'Loss: from 0 to 60 %.' })
    const many = Array.from({ length: 51 }, (_, i) => i)
    expect(
      problems({
        networks: [
          {
            type: 'matrix',
            base: 'lte',
            over: { parameter: 'oneWayMs', values: many },
            and: { parameter: 'mbit', values: [0] },
          },
        ],
      }),
    ).toEqual({
      'networks.0.over': 'These are more than 50 values: take a larger step.',
      'networks.0.and': 'Rate: from 0.01 to 1000 Mbit/s.',
    })
  })

  test('includes what is named twice', () => {
    const preset = { type: 'preset' as const, name: 'lte' as const }
    expect(problems({ networks: [preset, preset] })).toEqual({ networks: 'The same network is named twice.' })
    const picture = { name: 'a', bytes: 1 }
    expect(problems({ pictures: [picture, picture] })).toEqual({
      pictures: 'The same picture is named twice.',
    })
  })
})

function sweeps(...values: number[]): Experiment['networks'] {
  return [{ type: 'sweep', base: 'lte', over: { parameter: 'lossPercent', values } }]
}
