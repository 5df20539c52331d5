import { z } from 'zod'

import { CONTENDERS, experimentSchema, plannedRuns, RUNS_MAX } from './experiment'
import { networkSettingsSchema } from './networks'

/** What a file of results may have, bytes of UTF-8. */
export const RESULTS_MAX_BYTES = 64 * 1024 * 1024
export const SAMPLES_MAX = 2000

const ms = z.number().min(0)
const count = z.int().min(0)
const text = z.string().max(500)

export const sampleSchema = z.strictObject({
  /** Since the send. */
  ms,
  /** Of what is on the screen against the original, decibels; PSNR_MAX_DB where they are the same. */
  psnrDb: z.number(),
  ssim: z.number().min(-1).max(1),
})

const linkCountsSchema = z.strictObject({ sent: count, arrived: count, lost: count })

/** The part of a run that its receiving end says. */
export const receivedSchemaFields = {
  /** exact: bit by bit. partial: ended with holes. deadline: had not ended. lossy: a copy by design (RTP). */
  end: z.enum(['exact', 'partial', 'deadline', 'lossy']),
  /** Data packets of the picture; null where the contender's packets are not ours to count. */
  packets: z.strictObject({ sent: count, lost: count, recovered: count }).nullable(),
  /** Payload bytes sent for each byte of the picture. */
  overheadRatio: z.number().min(0).nullable(),
  goodputBytesPerSecond: z.number().min(0).nullable(),
  queueDelayMsP95: ms.nullable(),
  /** Tasks of 50 ms and more on the page's thread; with two devices those of both pages. */
  longTasks: z.strictObject({ count, totalMs: ms }).nullable(),
}

export const runResultSchema = z.strictObject({
  /** As `plannedRuns` names it. */
  key: text,
  contender: z.enum(CONTENDERS),
  network: z.strictObject({ label: text, settings: networkSettingsSchema }),
  picture: z.strictObject({ name: text, bytes: count }),
  repetition: count,
  seed: count,
  ...receivedSchemaFields,
  /** Milliseconds since the send; null: not by the deadline, or not measured here. */
  times: z.strictObject({
    firstPacket: ms.nullable(),
    firstPreview: ms.nullable(),
    ssim90: ms.nullable(),
    exact: ms.nullable(),
  }),
  /** Each holds until the next; empty where quality was not measured. */
  samples: z.array(sampleSchema).max(SAMPLES_MAX),
  /** See `qualityArea`; null where quality was not measured. */
  area: z.strictObject({ psnrDb: z.number(), ssim: z.number() }).nullable(),
  /** What the link itself counted, both ways, all packets. */
  link: z.strictObject({ forth: linkCountsSchema, back: linkCountsSchema }).nullable(),
  /**
   * How far the receiving device's clock was ahead of the sending one's, and how wrong that may be; not there where both
   * ends had one clock.
   */
  clock: z.strictObject({ offsetMs: z.number(), boundMs: ms }).optional(),
})

/** One run as it went. */
export type RunResult = z.infer<typeof runResultSchema>
export type QualitySample = z.infer<typeof sampleSchema>

const resultsShape = z.strictObject({
  format: z.literal('shoal-lab'),
  version: z.literal(1),
  /** What carried the packets; results of different means are never compared with each other. */
  means: z.enum(['simulator', 'emulator', 'kernel-link']),
  experiment: experimentSchema,
  /** Shoal's version, and the browser or runtime that measured. */
  shoal: text,
  browser: text,
  /** What received, where that was not the page that sent. */
  receiver: z.strictObject({ type: z.literal('second-device'), browser: text }).optional(),
  runs: z.array(runResultSchema).max(RUNS_MAX),
})

/** Everything that an experiment gave: the file that is exported, imported and published. */
export type LabResults = z.infer<typeof resultsShape>

const resultsSchema = resultsShape.superRefine(({ experiment, runs }, context) => {
  const planned = new Map(plannedRuns(experiment).map((run) => [run.key, run]))
  const seen = new Set<string>()
  for (const run of runs) {
    const plan = planned.get(run.key)
    const fits =
      plan?.contender === run.contender &&
      plan.seed === run.seed &&
      plan.repetition === run.repetition &&
      plan.network.label === run.network.label &&
      plan.picture.name === run.picture.name &&
      plan.picture.bytes === run.picture.bytes &&
      JSON.stringify(networkSettingsSchema.parse(plan.network.settings)) ===
        JSON.stringify(run.network.settings)
    if (!fits || seen.has(run.key)) {
      context.addIssue({ code: 'custom', message: `The experiment has no such run: ${run.key}` })
      return
    }
    seen.add(run.key)
  }
})

export function formatResults(results: LabResults): string {
  return `${JSON.stringify(results)}\n`
}

/** What a file holds; null when it is too large or not results of ours, whatever it is. */
export function parseResults(file: string): LabResults | null {
  if (file.length > RESULTS_MAX_BYTES) return null
  try {
    const parsed = resultsSchema.safeParse(JSON.parse(file))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** Runs of the same experiment, made in pieces, in the order planned; null when they do not belong together. */
export function mergeResults(first: LabResults, second: LabResults): LabResults | null {
  if (!isSameMeasurement(first, second)) return null
  const made = new Map([...second.runs, ...first.runs].map((run) => [run.key, run]))
  const runs = plannedRuns(first.experiment).flatMap(({ key }) => made.get(key) ?? [])
  return { ...first, runs }
}

function isSameMeasurement(first: LabResults, second: LabResults): boolean {
  const fixed = ({ means, experiment, shoal, browser, receiver }: LabResults) =>
    JSON.stringify([means, experimentSchema.parse(experiment), shoal, browser, receiver])
  return fixed(first) === fixed(second)
}

/** The same image, as decibels: a file has no infinity, and more than this no eye tells apart. */
export const PSNR_MAX_DB = 60

/**
 * Quality over time as one number: the area under the curve from the send to the deadline, divided by the deadline, so
 * that it has the unit of the quality and 100 % is the whole picture at once. The curve is a step: what is on the
 * screen stays until something else is. Before the first sample it is 0. The evolution of PSNR with time is the
 * measure of the Image Transport Protocol (Raman, Balakrishnan, Srinivasan, ICNP 2000); the area is our digest of it.
 */
export function qualityArea(
  samples: readonly QualitySample[],
  deadlineMs: number,
): { readonly psnrDb: number; readonly ssim: number } | null {
  if (samples.length === 0) return null
  let psnrDb = 0
  let ssim = 0
  samples.forEach((sample, i) => {
    const untilMs = Math.min(deadlineMs, samples[i + 1]?.ms ?? deadlineMs)
    const share = Math.max(0, untilMs - sample.ms) / deadlineMs
    psnrDb += Math.min(PSNR_MAX_DB, sample.psnrDb) * share
    ssim += sample.ssim * share
  })
  return { psnrDb, ssim }
}
