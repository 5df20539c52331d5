import { z } from 'zod'

import type { ImpairmentSpec } from '@/lib/sim/impairments'
import { PERFECT_NETWORK } from '@/lib/sim/network-settings'
import type { NetworkSettings as EmulatedNetwork } from '@/lib/sim/network-settings'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

/** One link, the same both ways. */
export const networkSettingsSchema = z.strictObject({
  /** Propagation delay of one direction. */
  oneWayMs: z.number().min(0).max(5000),
  /** Extra delay of each packet, 0 up to this, uniform. */
  jitterMs: z.number().min(0).max(2000),
  /** Rate of the bottleneck. */
  mbit: z.number().min(0.01).max(1000),
  /** Packets that wait before the bottleneck; the next one is dropped. */
  queuePackets: z.int().min(1).max(10_000),
  /** Packets lost on the way, whatever the queue does. */
  lossPercent: z.number().min(0).max(60),
  /** Mean length of a spell of loss (Gilbert-Elliott), packets; 1: each packet on its own. */
  meanBurst: z.number().min(1).max(50),
  /** Packets that are held back, so that later ones pass them. */
  reorderPercent: z.number().min(0).max(50),
  reorderByMs: z.number().min(0).max(1000),
})

export type NetworkSettings = z.infer<typeof networkSettingsSchema>

/** What a sweep can go over, in the order in which a link writes them. */
export const NETWORK_PARAMETERS = [
  'oneWayMs',
  'jitterMs',
  'mbit',
  'queuePackets',
  'lossPercent',
  'meanBurst',
  'reorderPercent',
  'reorderByMs',
] as const satisfies readonly (keyof NetworkSettings)[]

export type NetworkParameter = (typeof NETWORK_PARAMETERS)[number]

/** The stages of `lib/sim` for one direction: lost first, then queued, then delayed. */
export function impairmentsOf(network: NetworkSettings): ImpairmentSpec[] {
  const loss = network.lossPercent / 100
  const stages: ImpairmentSpec[] = []
  if (loss > 0 && network.meanBurst <= 1) stages.push({ type: 'loss', probability: loss })
  if (loss > 0 && network.meanBurst > 1) {
    // In the steady state loss = enter / (enter + 1 / meanBurst).
    const enter = Math.min(1, loss / network.meanBurst / (1 - loss))
    stages.push({ type: 'burst-loss', enter, meanBurst: network.meanBurst })
  }
  stages.push({
    type: 'rate',
    bytesPerSecond: network.mbit * 125_000,
    queuePackets: network.queuePackets,
  })
  stages.push({ type: 'delay', ms: network.oneWayMs })
  if (network.jitterMs > 0) stages.push({ type: 'jitter', maxMs: network.jitterMs })
  if (network.reorderPercent > 0) {
    stages.push({
      type: 'reordering',
      probability: network.reorderPercent / 100,
      byMs: network.reorderByMs,
    })
  }
  return stages
}

/** The same for one direction of the emulator. */
export function emulatedNetwork(network: NetworkSettings): EmulatedNetwork {
  const loss = network.lossPercent / 100
  const inSpells = network.meanBurst > 1 && loss > 0
  return {
    ...PERFECT_NETWORK,
    loss: inSpells ? 0 : loss,
    bursts: inSpells ? { share: loss, meanPackets: network.meanBurst, loss: 1 } : null,
    bytesPerSecond: network.mbit * 125_000,
    queuePackets: network.queuePackets,
    delayMs: network.oneWayMs,
    jitterMs: network.jitterMs,
    jitterReorders: true,
    reorderShare: network.reorderPercent / 100,
    reorderByMs: network.reorderByMs,
  }
}
