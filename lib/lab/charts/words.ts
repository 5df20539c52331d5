import type { Experiment, Network } from '../experiment'
import { linksOf } from '../experiment'
import type { NetworkParameter } from '../networks'
import { NETWORK_PRESETS } from '../presets'
import type { LabResults } from '../results'
import type { Interval } from '../statistics'

/** No-break space between a figure and its unit. */
const NBSP = '\u00a0'
/** Narrow no-break space between groups of three figures. */
const THIN = '\u202f'

/** What was not measured. */
export const NOTHING = '–'
export const NEVER = 'never'

/** "84 ms", "1.32 s", "never" of Infinity, a dash of NaN. */
export function duration(ms: number): string {
  if (Number.isNaN(ms)) return NOTHING
  if (!Number.isFinite(ms)) return NEVER
  if (Math.round(ms) < 1000) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)}${NBSP}ms`
  return `${(ms / 1000).toFixed(ms < 9995 ? 2 : 1)}${NBSP}s`
}

/** "1.32 s (1.20 s to 1.44 s)"; one number where the interval has no width. */
export function durationWithInterval({ low, middle, high }: Interval): string {
  const [from, word, to] = [duration(low), duration(middle), duration(high)]
  return from === to ? word : `${word} (${from} to ${to})`
}

export function amount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, THIN)
}

/** Of a share from 0 to 1; what is not none never reads as none, nor what is not all as all. */
export function percent(share: number): string {
  if (Number.isNaN(share)) return NOTHING
  const value = share * 100
  const figures = (value > 0 && value < 1) || (value > 99 && value < 100) ? 2 : 1
  return `${Number(value.toFixed(figures))}${NBSP}%`
}

export function bytes(count: number): string {
  if (count < 1000) return `${count}${NBSP}B`
  return count < 999_500
    ? `${(count / 1000).toFixed(0)}${NBSP}kB`
    : `${(count / 1_000_000).toFixed(2)}${NBSP}MB`
}

export function rate(bytesPerSecond: number): string {
  return bytesPerSecond < 100_000
    ? `${(bytesPerSecond / 1000).toFixed(1)}${NBSP}kB/s`
    : `${(bytesPerSecond / 1_000_000).toFixed(2)}${NBSP}MB/s`
}

/** On an axis there is room for few figures. */
export function axisDuration(ms: number): string {
  return ms < 1000 ? `${Number(ms.toPrecision(3))}${NBSP}ms` : `${Number((ms / 1000).toPrecision(3))}${NBSP}s`
}

export const MEASURES = ['exact', 'ssim90', 'firstPreview', 'firstPacket'] as const
/** A time that a run can be judged by. */
export type Measure = (typeof MEASURES)[number]

export const MEASURE_WORDS: Readonly<Record<Measure, { readonly name: string; readonly note: string }>> = {
  exact: { name: 'Time until exact', note: 'The picture is there bit by bit.' },
  ssim90: {
    name: 'Time until SSIM 0.9',
    note: 'It looks almost like the original; SSIM says how alike two pictures look, 1 is the same.',
  },
  firstPreview: { name: 'Time until a first preview', note: 'Something of the picture can be seen.' },
  firstPacket: { name: 'Time until the first packet', note: 'The first data have arrived.' },
}

export const MEANS_WORDS: Readonly<Record<LabResults['means'], string>> = {
  simulator: 'the simulator (the real protocol on a calculated link, in calculated time)',
  emulator: 'the emulator (real browsers; the server delays and drops their packets)',
  'kernel-link': 'the kernel’s link (real browsers; the operating system delays and drops their packets)',
}

export const MEANS_NAMES: Readonly<Record<LabResults['means'], string>> = {
  simulator: 'Simulator',
  emulator: 'Emulator',
  'kernel-link': 'Kernel’s link',
}

/** Which device received, and how well its clock was known; empty where that was the page that sent. */
export function receiverWords({ receiver, runs }: Pick<LabResults, 'receiver' | 'runs'>): string {
  if (!receiver) return ''
  const boundMs = Math.max(0, ...runs.map(({ clock }) => clock?.boundMs ?? 0))
  return (
    `The receiving end was a second device (${receiver.browser}), whose clock was known to ` +
    `${duration(boundMs)} or better in each run: all times are as good as that.`
  )
}

const PARAMETERS: Readonly<Record<NetworkParameter, readonly [name: string, unit: string]>> = {
  oneWayMs: ['Delay one way', 'ms'],
  jitterMs: ['Jitter', 'ms'],
  mbit: ['Rate', 'Mbit/s'],
  queuePackets: ['Queue', 'packets'],
  lossPercent: ['Loss', '%'],
  meanBurst: ['Mean spell of loss', 'packets'],
  reorderPercent: ['Reordered', '%'],
  reorderByMs: ['Reordered by', 'ms'],
}

/** "Loss, %". */
export function parameterName(parameter: NetworkParameter): string {
  return PARAMETERS[parameter].join(', ')
}

/** "loss 5 %". */
export function parameterValue(parameter: NetworkParameter, value: number): string {
  const [name, unit] = PARAMETERS[parameter]
  return `${name.toLowerCase()} ${value}${NBSP}${unit}`
}

export function baseName(base: Extract<Network, { type: 'sweep' }>['base']): string {
  return typeof base === 'string' ? NETWORK_PRESETS[base].title : 'Own settings'
}

/** The label of each network of an experiment, and what people call it. */
export function networkTitles({ networks }: Pick<Experiment, 'networks'>): ReadonlyMap<string, string> {
  return new Map(
    networks.flatMap((network) =>
      linksOf(network).map(({ label }, i) => [label, titleOf(network, label, i)]),
    ),
  )
}

function titleOf(network: Network, label: string, i: number): string {
  switch (network.type) {
    case 'preset':
      return NETWORK_PRESETS[network.name].title
    case 'settings':
      return label
    case 'sweep': {
      const { base, over } = network
      return `${baseName(base)}, ${parameterValue(over.parameter, over.values[i] ?? NaN)}`
    }
    case 'matrix': {
      const { base, over, and } = network
      const first = over.values[Math.floor(i / and.values.length)] ?? NaN
      const second = and.values[i % and.values.length] ?? NaN
      const words = `${parameterValue(over.parameter, first)}, ${parameterValue(and.parameter, second)}`
      return `${baseName(base)}, ${words}`
    }
  }
}
