import { spawnSync } from 'node:child_process'

import {
  ADDRESS_A,
  ADDRESS_B,
  addNamespaces,
  configure,
  NAMESPACE_A,
  NAMESPACE_B,
  namespaceHost,
  removeNamespaces,
  run,
} from './hosts'
import type { DirectionCounters, Link } from './link'
import type { LinkSpec } from './link-spec'

const DEVICE = 'shoal0'
const PROBE = 'shoal-probe'
const FULL_PACKET_BYTES = 1500

/** True where `tc` can put a netem queue on a device. */
export function kernelHasNetem(): boolean {
  const attempt = (...args: string[]): boolean => spawnSync('ip', args, { stdio: 'ignore' }).status === 0
  if (!attempt('netns', 'add', PROBE)) return false
  const has = attempt(
    'netns',
    'exec',
    PROBE,
    'tc',
    'qdisc',
    'add',
    'dev',
    'lo',
    'root',
    'netem',
    'delay',
    '1ms',
  )
  attempt('netns', 'delete', PROBE)
  return has
}

/** A pair of virtual Ethernet devices, with netem where each host sends. */
export function openNetemLink(spec: LinkSpec): Link {
  try {
    addNamespaces()
    run(
      'ip',
      'link',
      'add',
      DEVICE,
      'netns',
      NAMESPACE_A,
      'type',
      'veth',
      'peer',
      DEVICE,
      'netns',
      NAMESPACE_B,
    )
    for (const [namespace, own, peer] of [
      [NAMESPACE_A, ADDRESS_A, ADDRESS_B],
      [NAMESPACE_B, ADDRESS_B, ADDRESS_A],
    ] as const) {
      // A packet that the kernel cuts up only later would be counted, and lost, as one.
      run('ip', '-n', namespace, 'link', 'set', DEVICE, 'gso_max_segs', '1')
      configure(namespace, DEVICE, own, peer)
      run('ip', 'netns', 'exec', namespace, 'tc', 'qdisc', 'add', 'dev', DEVICE, 'root', ...netem(spec))
    }
  } catch (error) {
    removeNamespaces()
    throw error
  }
  let before = { aToB: readCounters(NAMESPACE_A), bToA: readCounters(NAMESPACE_B) }
  return {
    tool: 'netem',
    spec,
    a: namespaceHost(NAMESPACE_A, ADDRESS_A),
    b: namespaceHost(NAMESPACE_B, ADDRESS_B),
    mark: async () => {
      const now = { aToB: readCounters(NAMESPACE_A), bToA: readCounters(NAMESPACE_B) }
      const since = { aToB: difference(now.aToB, before.aToB), bToA: difference(now.bToA, before.bToA) }
      before = now
      return since
    },
    close: async () => {
      removeNamespaces()
    },
  }
}

/**
 * netem's `limit` counts what it holds back for the delay too, so that what a full link carries in that time is added
 * to the queue.
 */
function netem({ oneWayMs, lossPercent, mbit, queuePackets, meanBurst }: LinkSpec): string[] {
  const inFlight = Math.ceil((mbit * 125 * oneWayMs) / FULL_PACKET_BYTES)
  const limit = queuePackets === 0 ? 1_000_000 : queuePackets + inFlight
  const loss = lossPercent / 100
  const leave = 100 / meanBurst
  const lost =
    meanBurst > 1
      ? ['loss', 'gemodel', `${(loss * leave) / (1 - loss)}%`, `${leave}%`]
      : ['loss', 'random', `${lossPercent}%`]
  return ['netem', 'limit', String(limit), 'delay', `${oneWayMs}ms`, ...lost, 'rate', `${mbit}mbit`]
}

type Totals = Pick<DirectionCounters, 'packets' | 'bytes' | 'lost'>

function readCounters(namespace: string): Totals {
  const json = run('ip', 'netns', 'exec', namespace, 'tc', '-s', '-j', 'qdisc', 'show', 'dev', DEVICE, 'root')
  const [qdisc] = JSON.parse(json) as { packets: number; bytes: number; drops: number }[]
  if (!qdisc) throw new Error('netem is gone')
  return { packets: qdisc.packets + qdisc.drops, bytes: qdisc.bytes, lost: qdisc.drops }
}

function difference(now: Totals, before: Totals): DirectionCounters {
  return {
    packets: now.packets - before.packets,
    bytes: now.bytes - before.bytes,
    lost: now.lost - before.lost,
    queueFull: null,
    queueHighPackets: null,
    queueDelayP50Ms: null,
    queueDelayP95Ms: null,
    queueDelayMaxMs: null,
    lateP99Ms: null,
    lateMaxMs: null,
  }
}
