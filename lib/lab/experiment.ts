import { z } from 'zod'

import { Random } from '@/lib/sim/random'

import { NETWORK_PARAMETERS, networkSettingsSchema } from './networks'
import type { NetworkParameter, NetworkSettings } from './networks'
import { NETWORK_PRESETS, PRESET_NAMES } from './presets'

/** The ways a picture can go. Which of them a bench can measure, it says itself. */
export const CONTENDERS = [
  'assured',
  /** Assured over one lane. */
  'assured-1',
  'classic',
  'repair',
  /** One reliable, ordered data channel: the service of TCP. */
  'reliable',
  /** Partially reliable channels (RFC 3758): one retransmission, three, or a lifetime. */
  'retransmits-1',
  'retransmits-3',
  'lifetime',
  /** The picture as a frame of WebRTC video: what arrives is a lossy copy. */
  'rtp',
  /** WebSocket over TCP. */
  'ws',
] as const

export type Contender = (typeof CONTENDERS)[number]

export const LABEL_MAX_CHARS = 60
export const VALUES_MAX = 50
export const RUNS_MAX = 20_000
export const SEED_MAX = 2 ** 32 - 1

const label = z.string().min(1).max(LABEL_MAX_CHARS)
const baseSchema = z.union([z.enum(PRESET_NAMES), networkSettingsSchema])
const axisSchema = z
  .strictObject({
    parameter: z.enum(NETWORK_PARAMETERS),
    values: z.array(z.number()).min(1).max(VALUES_MAX),
  })
  .superRefine(({ parameter, values }, context) => {
    if (values.every((value) => networkSettingsSchema.shape[parameter].safeParse(value).success)) return
    context.addIssue({ code: 'custom', path: ['values'], message: `${parameter} is outside its limits.` })
  })

const networkSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('preset'), name: z.enum(PRESET_NAMES) }),
  z.strictObject({ type: z.literal('settings'), label, settings: networkSettingsSchema }),
  /** The base, with one parameter set to each value. */
  z.strictObject({ type: z.literal('sweep'), base: baseSchema, over: axisSchema }),
  /** The base, with two parameters set to each pair of values. */
  z.strictObject({ type: z.literal('matrix'), base: baseSchema, over: axisSchema, and: axisSchema }),
])

const experimentShape = z.strictObject({
  version: z.literal(1),
  contenders: z.array(z.enum(CONTENDERS)).min(1).max(CONTENDERS.length),
  networks: z.array(networkSchema).min(1).max(VALUES_MAX),
  /** By name, and how many bytes it has. */
  pictures: z
    .array(z.strictObject({ name: label, bytes: z.int().min(1).max(25_000_000) }))
    .min(1)
    .max(20),
  repetitions: z.int().min(1).max(1000),
  /** A run that has not ended by then counts as never finished. */
  deadlineMs: z.int().min(100).max(600_000),
  seed: z.int().min(0).max(SEED_MAX),
  /** warm: the connection has carried a picture before; cold: it is new. */
  start: z.enum(['warm', 'cold']),
})

/** What is measured: everything that is needed to make the same runs again. */
export type Experiment = z.infer<typeof experimentShape>
export type Network = Experiment['networks'][number]

/** Parses whatever a file or a link holds; what passes can be expanded without a further check. */
export const experimentSchema = experimentShape.superRefine((experiment, context) => {
  const wrong = (path: keyof Experiment, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message })
  const { contenders, pictures, repetitions, networks } = experiment
  if (new Set(contenders).size < contenders.length) wrong('contenders', 'A contender is named twice.')
  if (new Set(pictures.map(({ name }) => name)).size < pictures.length)
    wrong('pictures', 'A picture is named twice.')
  const cells = networks.reduce((sum, network) => sum + linkCount(network), 0)
  if (cells * pictures.length * repetitions * contenders.length > RUNS_MAX) {
    return wrong('repetitions', `More than ${RUNS_MAX} runs.`)
  }
  const labels = networks.flatMap(linksOf).map((link) => link.label)
  if (new Set(labels).size < labels.length) wrong('networks', 'A network is named twice.')
})

/** One network with its numbers; `label` tells it apart within an experiment. */
export interface NamedLink {
  readonly label: string
  readonly settings: NetworkSettings
}

/** One run to be made. */
export interface PlannedRun {
  /** Names the run within its experiment, also when that is resumed. */
  readonly key: string
  readonly contender: Contender
  readonly network: NamedLink
  readonly picture: { readonly name: string; readonly bytes: number }
  /** From 0. */
  readonly repetition: number
  /** The same for all contenders of one network, picture and repetition: their runs are pairs. */
  readonly seed: number
}

/**
 * The runs in the order in which they are made: one network after the other, so that warm connections can stay, and there
 * round by round, so that a machine that slows down slows all contenders alike; in a round they take turns in going first.
 */
export function plannedRuns(experiment: Experiment): PlannedRun[] {
  const { contenders, pictures, repetitions } = experiment
  const links = experiment.networks.flatMap(linksOf)
  const runs: PlannedRun[] = []
  for (const network of links) {
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const picture of pictures) {
        const seed = seedOf(`${experiment.seed}/${network.label}/${picture.name}/${repetition}`)
        for (let turn = 0; turn < contenders.length; turn++) {
          const contender = contenders[(turn + repetition) % contenders.length]
          if (contender === undefined) continue
          const key = JSON.stringify([contender, network.label, picture.name, repetition])
          runs.push({ key, contender, network, picture, repetition, seed })
        }
      }
    }
  }
  return runs
}

/** A network of an experiment as the links it stands for. */
export function linksOf(network: Network): NamedLink[] {
  switch (network.type) {
    case 'preset':
      return [{ label: network.name, settings: NETWORK_PRESETS[network.name].settings }]
    case 'settings':
      return [{ label: network.label, settings: network.settings }]
    case 'sweep':
      return network.over.values.map((value) => changed(network.base, [[network.over.parameter, value]]))
    case 'matrix':
      return network.over.values.flatMap((first) =>
        network.and.values.map((second) =>
          changed(network.base, [
            [network.over.parameter, first],
            [network.and.parameter, second],
          ]),
        ),
      )
  }
}

function linkCount(network: Network): number {
  if (network.type === 'sweep') return network.over.values.length
  return network.type === 'matrix' ? network.over.values.length * network.and.values.length : 1
}

function changed(
  base: z.infer<typeof baseSchema>,
  changes: readonly (readonly [NetworkParameter, number])[],
): NamedLink {
  const named = typeof base === 'string'
  const settings = { ...(named ? NETWORK_PRESETS[base].settings : base), ...Object.fromEntries(changes) }
  const words = changes.map(([parameter, value]) => `${parameter} ${value}`)
  const from = named ? base : NETWORK_PARAMETERS.map((parameter) => base[parameter]).join(',')
  return { label: `${from}, ${words.join(', ')}`, settings }
}

/** FNV-1a over the text, spread by the simulator's own source of numbers. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return new Random(hash).uint32()
}
