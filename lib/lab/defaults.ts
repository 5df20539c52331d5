import { linksOf } from './experiment'
import type { Experiment } from './experiment'

/**
 * A landscape that nobody owns, so that one can begin without a picture of one's own: `drawScene` of e2e/photos, seed
 * 21, grain 16, as a JPEG of quality 80. A file of the server, because each browser's encoder would make other bytes.
 */
export const BUILT_IN_PICTURE = {
  name: 'landscape.jpg',
  bytes: 190_020,
  path: '/lab-picture.jpg',
} as const

/** What the page opens with. */
export const DEFAULT_EXPERIMENT: Experiment = {
  version: 1,
  contenders: ['assured', 'repair', 'classic', 'reliable'],
  networks: [
    { type: 'preset', name: 'home-wifi' },
    { type: 'preset', name: 'one-in-five' },
  ],
  pictures: [{ name: BUILT_IN_PICTURE.name, bytes: BUILT_IN_PICTURE.bytes }],
  repetitions: 5,
  deadlineMs: 20_000,
  seed: 1,
  start: 'warm',
}

/** How large an experiment is. */
export interface Extent {
  readonly runs: number
  /** When every picture goes as fast as its link lets it. */
  readonly leastMs: number
  /** When none arrives before its deadline. */
  readonly mostMs: number
}

/** ICE, DTLS and SCTP: so many round trips until a channel is open. */
const CONNECTING_ROUND_TRIPS = 7
/** What a browser needs for a connection besides, and for measuring what it showed. */
const AROUND_A_RUN_MS = 1000
/** As the benches warm: see WARMING_BYTES there. */
const WARMING_BYTES = 300_000

/** Works for whatever a person has typed so far: what is not a number counts as nothing. */
export function extentOf(experiment: Experiment): Extent {
  const { contenders, networks, pictures, repetitions, deadlineMs, start } = experiment
  const each = contenders.length * repetitions
  let runs = 0
  let leastMs = 0
  let mostMs = 0
  for (const { settings } of networks.flatMap(linksOf)) {
    const connectingMs = AROUND_A_RUN_MS + CONNECTING_ROUND_TRIPS * 2 * settings.oneWayMs
    const alone = (bytes: number) =>
      Math.min(
        deadlineMs,
        settings.oneWayMs + (8 * bytes) / (1000 * settings.mbit * (1 - settings.lossPercent / 100)),
      )
    const warming = start === 'warm' ? { least: alone(WARMING_BYTES), most: deadlineMs } : NOTHING
    for (const { bytes } of pictures) {
      runs += each
      leastMs += each * (connectingMs + warming.least + alone(bytes))
      mostMs += each * (connectingMs + warming.most + deadlineMs)
    }
  }
  return { runs: counted(runs), leastMs: counted(leastMs), mostMs: counted(mostMs) }
}

const NOTHING = { least: 0, most: 0 }

function counted(value: number): number {
  return Number.isFinite(value) ? value : 0
}
