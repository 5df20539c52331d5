import { networkSettingsSchema } from './networks'
import type { NetworkParameter } from './networks'
import type { Steps } from './sweep'

/** One number of a network, for whoever chooses it. */
export interface ParameterWords {
  readonly title: string
  readonly unit: string
  /** One line on what it is. */
  readonly text: string
  /** What a slider offers: less than the limits, whose far ends nobody's network has. */
  readonly slider: { readonly min: number; readonly max: number; readonly step: number }
  /** What a new sweep over it begins with. */
  readonly sweep: Steps
}

export const PARAMETERS: Readonly<Record<NetworkParameter, ParameterWords>> = {
  oneWayMs: {
    title: 'Delay, one way',
    unit: 'ms',
    text: 'Half of the round trip.',
    slider: { min: 0, max: 500, step: 5 },
    sweep: { from: 0, to: 200, step: 50 },
  },
  jitterMs: {
    title: 'Jitter',
    unit: 'ms',
    text: 'Up to this much more delay, drawn anew for each packet.',
    slider: { min: 0, max: 200, step: 5 },
    sweep: { from: 0, to: 100, step: 25 },
  },
  mbit: {
    title: 'Rate',
    unit: 'Mbit/s',
    text: 'What the narrowest place lets through.',
    slider: { min: 0.5, max: 100, step: 0.5 },
    sweep: { from: 5, to: 25, step: 5 },
  },
  queuePackets: {
    title: 'Queue',
    unit: 'packets',
    text: 'So many wait before the narrowest place; the next one is dropped.',
    slider: { min: 10, max: 1000, step: 10 },
    sweep: { from: 50, to: 250, step: 50 },
  },
  lossPercent: {
    title: 'Loss',
    unit: '%',
    text: 'Packets lost on the way, whatever the queue does.',
    slider: { min: 0, max: 40, step: 0.5 },
    sweep: { from: 0, to: 40, step: 5 },
  },
  meanBurst: {
    title: 'Spell of loss',
    unit: 'packets',
    text: 'Lost in a row on average; 1: each packet on its own.',
    slider: { min: 1, max: 20, step: 0.5 },
    sweep: { from: 1, to: 9, step: 2 },
  },
  reorderPercent: {
    title: 'Reordering',
    unit: '%',
    text: 'Packets that are held back, so that later ones pass them.',
    slider: { min: 0, max: 30, step: 0.5 },
    sweep: { from: 0, to: 10, step: 2 },
  },
  reorderByMs: {
    title: 'Held back by',
    unit: 'ms',
    text: 'How long, where packets are reordered.',
    slider: { min: 0, max: 200, step: 5 },
    sweep: { from: 0, to: 100, step: 25 },
  },
}

/** What the schema lets through. */
export function limitsOf(parameter: NetworkParameter): { readonly min: number; readonly max: number } {
  const { minValue, maxValue } = networkSettingsSchema.shape[parameter]
  return { min: minValue ?? -Infinity, max: maxValue ?? Infinity }
}
