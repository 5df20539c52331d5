import { sha256 } from '@noble/hashes/sha2.js'

import { toHex } from '@/lib/protocol/packet/bytes'
import type { TransferMode } from '@/lib/protocol/report'
import type { LinkCounts } from '@/lib/sim/link'
import type { SimCode } from '@/lib/sim/peer'
import { Random } from '@/lib/sim/random'
import { World } from '@/lib/sim/world'

import type { Contender, Experiment, PlannedRun } from './experiment'
import { impairmentsOf } from './networks'
import type { RunResult } from './results'

/** The modes of the real core, and over how many lanes: as the pages open them. */
const MODES: Partial<Readonly<Record<Contender, { readonly mode: TransferMode; readonly lanes: number }>>> = {
  assured: { mode: 'assured', lanes: 32 },
  'assured-1': { mode: 'assured', lanes: 1 },
  classic: { mode: 'classic', lanes: 2 },
  repair: { mode: 'repair', lanes: 2 },
}

/** The simulator has no model of the others: they are measured where they are real. */
export function canSimulate(contender: Contender): boolean {
  return MODES[contender] !== undefined
}

/** About what a page sends ahead of a picture. */
const PREVIEW_BYTES = 1000
/** What a warm connection has carried before. */
const WARMING_BYTES = 300_000
/** Two sides that answer each other without end show here. */
const EVENTS_MAX = 5_000_000

/**
 * One run on the simulator, with the core that the pages have; null for a contender that is not simulated. Bytes are
 * noise, so nothing is said of quality: samples are empty.
 */
export function simulateRun(plan: PlannedRun, experiment: Experiment, code?: SimCode): RunResult | null {
  const way = MODES[plan.contender]
  if (!way) return null
  const world = new World({
    seed: plan.seed,
    digest,
    sctp: true,
    lanes: way.lanes,
    aToB: impairmentsOf(plan.network.settings),
    bToA: impairmentsOf(plan.network.settings),
    ...(code ? { code } : {}),
  })
  // Drawn from a source of its own: what a contender draws changes no picture.
  const random = new Random(plan.seed)
  if (experiment.start === 'warm') {
    world.send(world.a, random.bytes(WARMING_BYTES), way.mode)
    world.run({ untilMs: experiment.deadlineMs, maxEvents: EVENTS_MAX })
  }
  const before = { forth: world.aToB.counts, back: world.bToA.counts }
  const startedMs = world.elapsedMs
  const startedAtMs = world.loop.now
  const extras = { preview: random.bytes(PREVIEW_BYTES), index: [] }
  const id = world.send(world.a, random.bytes(plan.picture.bytes), way.mode, 'picture.jpg', extras)
  const deadlineMs = startedMs + experiment.deadlineMs
  const previewMs = runUntilPreview(world, id, deadlineMs)
  world.run({ untilMs: deadlineMs, maxEvents: EVENTS_MAX })
  const receiver = world.b.endpoint.receiver(id)
  const status = receiver?.status()
  const report = world.a.endpoint.sender(id)?.report() ?? receiver?.report()
  const since = (atMs: number) => Math.max(0, atMs - startedAtMs)
  const came = status !== undefined && status.packetsReceived > 0
  const exact = receiver?.exact === true && status !== undefined
  const exactMs = exact ? since(status.completedAtMs) : null
  return {
    key: plan.key,
    contender: plan.contender,
    network: { label: plan.network.label, settings: { ...plan.network.settings } },
    picture: { ...plan.picture },
    repetition: plan.repetition,
    seed: plan.seed,
    end: exact ? 'exact' : receiver?.final === true ? 'partial' : 'deadline',
    times: {
      firstPacket: came ? since(status.firstPacketAtMs) : null,
      firstPreview: previewMs === null ? null : previewMs - startedMs,
      ssim90: null,
      exact: exactMs,
    },
    samples: [],
    area: null,
    packets: report
      ? { sent: report.packetsSent, lost: report.packetsLost, recovered: report.recovered + report.repaired }
      : null,
    overheadRatio: report?.overheadRatio ?? null,
    goodputBytesPerSecond: report?.goodputBytesPerSecond ?? null,
    queueDelayMsP95: report?.queueDelayMsP95 ?? null,
    longTasks: null,
    link: {
      forth: countsSince(before.forth, world.aToB.counts),
      back: countsSince(before.back, world.bToA.counts),
    },
  }
}

/**
 * Runs until all of the preview has arrived, to the millisecond; null when it does not. No page decodes it here, so what
 * a page needs to show it is not in this time, and the core is told of no preview.
 */
function runUntilPreview(world: World, id: string, untilMs: number): number | null {
  for (let ms = Math.ceil(world.elapsedMs); ms <= untilMs; ms++) {
    const outcome = world.run({ untilMs: ms, maxEvents: EVENTS_MAX })
    if (world.b.endpoint.receiver(id)?.extras.preview) return ms
    if (outcome !== 'time') return null
  }
  return null
}

/** What was under way at the first count and arrived after it is of neither. */
function countsSince(before: LinkCounts, after: LinkCounts) {
  return {
    sent: after.sent - before.sent,
    arrived: after.arrived - before.arrived,
    lost: Math.max(0, after.lost - before.lost),
  }
}

function digest(pieces: readonly Uint8Array[]): string {
  const hash = sha256.create()
  for (const piece of pieces) hash.update(piece)
  return toHex(hash.digest())
}
