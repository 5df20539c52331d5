import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { CONTENDERS, experimentSchema, plannedRuns, RUNS_MAX } from './experiment'
import type { Experiment } from './experiment'
import { decodeExperiment, encodeExperiment, LINK_MAX_CHARS } from './experiment-link'
import { networkSettingsSchema } from './networks'
import { NETWORK_PRESETS, PRESET_NAMES } from './presets'

const experiments: fc.Arbitrary<Experiment> = fc.record({
  version: fc.constant(1 as const),
  contenders: fc.uniqueArray(fc.constantFrom(...CONTENDERS), { minLength: 1 }),
  networks: fc.uniqueArray(
    fc.oneof(
      fc.record({ type: fc.constant('preset' as const), name: fc.constantFrom(...PRESET_NAMES) }),
      fc.record({
        type: fc.constant('matrix' as const),
        base: fc.constantFrom(...PRESET_NAMES),
        over: fc.record({
          parameter: fc.constant('lossPercent' as const),
          values: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 }),
        }),
        and: fc.record({
          parameter: fc.constant('mbit' as const),
          values: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
        }),
      }),
    ),
    { minLength: 1, maxLength: 3, selector: (network) => ('name' in network ? network.name : network.base) },
  ),
  pictures: fc.uniqueArray(
    fc.record({ name: fc.string({ minLength: 1, maxLength: 20 }), bytes: fc.integer({ min: 1, max: 1e6 }) }),
    { minLength: 1, maxLength: 2, selector: ({ name }) => name },
  ),
  repetitions: fc.integer({ min: 1, max: 4 }),
  deadlineMs: fc.integer({ min: 100, max: 600_000 }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  start: fc.constantFrom('warm', 'cold'),
})

const small = (changes: Partial<Experiment> = {}): Experiment => ({
  version: 1,
  contenders: ['assured', 'repair', 'classic'],
  networks: [{ type: 'preset', name: 'one-in-five' }],
  pictures: [{ name: 'small', bytes: 10_000 }],
  repetitions: 3,
  deadlineMs: 10_000,
  seed: 7,
  start: 'cold',
  ...changes,
})

describe('the runs of an experiment', () => {
  test('are the same again from the same experiment, each by a name of its own', () => {
    fc.assert(
      fc.property(experiments, (experiment) => {
        const runs = plannedRuns(experiment)
        expect(plannedRuns(experiment)).toEqual(runs)
        expect(new Set(runs.map((run) => run.key)).size).toBe(runs.length)
      }),
      { numRuns: 50 },
    )
  })

  test('have one seed for all contenders of a round, and another one in the next', () => {
    const runs = plannedRuns(small())
    const seeds = [0, 1, 2].map(
      (round) => new Set(runs.filter((run) => run.repetition === round).map((run) => run.seed)),
    )
    expect(seeds.map((each) => each.size)).toEqual([1, 1, 1])
    expect(new Set(runs.map((run) => run.seed)).size).toBe(3)
  })

  test('let every contender go first in turn', () => {
    const runs = plannedRuns(small())
    expect([0, 3, 6].map((at) => runs[at]?.contender)).toEqual(['assured', 'repair', 'classic'])
  })

  test('are one for each value of a sweep and each pair of a matrix', () => {
    const over = { parameter: 'lossPercent' as const, values: [0, 10, 40] }
    const and = { parameter: 'mbit' as const, values: [1, 20] }
    const sweep = small({
      networks: [{ type: 'sweep', base: 'lte', over }],
      repetitions: 1,
      contenders: ['assured'],
    })
    expect(plannedRuns(sweep).map((run) => run.network.settings.lossPercent)).toEqual([0, 10, 40])
    const matrix = { ...sweep, networks: [{ type: 'matrix' as const, base: 'lte' as const, over, and }] }
    expect(plannedRuns(matrix)).toHaveLength(6)
  })
})

describe('an experiment from outside', () => {
  test('is refused when its values leave the limits, repeat themselves or are too many', () => {
    const over = (values: number[]) => ({
      type: 'sweep' as const,
      base: 'lte' as const,
      over: { parameter: 'lossPercent' as const, values },
    })
    expect(experimentSchema.safeParse(small()).success).toBe(true)
    expect(experimentSchema.safeParse(small({ networks: [over([70])] })).success).toBe(false)
    expect(experimentSchema.safeParse(small({ networks: [over([5, 5])] })).success).toBe(false)
    expect(experimentSchema.safeParse(small({ contenders: ['ws', 'ws'] })).success).toBe(false)
    const many = small({ networks: [over(Array.from({ length: 50 }, (_, i) => i))], repetitions: 1000 })
    expect(150_000).toBeGreaterThan(RUNS_MAX)
    expect(experimentSchema.safeParse(many).success).toBe(false)
  })

  test('comes back from its link as it was', () => {
    fc.assert(
      fc.property(experiments, (experiment) => {
        expect(decodeExperiment(encodeExperiment(experiment))).toEqual(experiment)
      }),
      { numRuns: 50 },
    )
  })

  test('is null from any other link, which never throws', () => {
    const link = encodeExperiment(small())
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `x1.${text}`),
          fc.nat(link.length - 1).map((n) => link.slice(0, n)),
        ),
        (text) => {
          expect(decodeExperiment(text)).toBeNull()
        },
      ),
    )
    expect(decodeExperiment(`x1.${'A'.repeat(LINK_MAX_CHARS)}`)).toBeNull()
  })
})

test('every preset is within the limits and says where its numbers are from', () => {
  for (const { settings, source, assumed } of Object.values(NETWORK_PRESETS)) {
    expect(networkSettingsSchema.safeParse(settings).success).toBe(true)
    expect(source.length).toBeGreaterThan(20)
    expect(assumed.length).toBeGreaterThan(3)
  }
})
