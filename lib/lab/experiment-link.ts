import { fromBase64Url, toBase64Url } from '@/lib/keys/base64url'

import { experimentSchema } from './experiment'
import type { Experiment } from './experiment'

/** A link longer than this is none of ours: the largest experiment that a person sets up takes a few hundred. */
export const LINK_MAX_CHARS = 16 * 1024

const PREFIX = 'x1.'

/** The fragment of a link that opens this experiment: its values in a fixed order, without their names. */
export function encodeExperiment(experiment: Experiment): string {
  const { contenders, networks, pictures, repetitions, deadlineMs, seed, start } = experiment
  const text = JSON.stringify([
    contenders,
    networks,
    pictures.map(({ name, bytes }) => [name, bytes]),
    repetitions,
    deadlineMs,
    seed,
    start,
  ])
  return PREFIX + toBase64Url(new TextEncoder().encode(text))
}

/** The inverse; null for anything else, whatever it is. */
export function decodeExperiment(fragment: string): Experiment | null {
  if (fragment.length > LINK_MAX_CHARS || !fragment.startsWith(PREFIX)) return null
  const bytes = fromBase64Url(fragment.slice(PREFIX.length))
  if (!bytes) return null
  let values: unknown
  try {
    values = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
  if (!Array.isArray(values) || values.length !== 7) return null
  const [contenders, networks, pictures, repetitions, deadlineMs, seed, start] = values as unknown[]
  if (!Array.isArray(pictures)) return null
  const named = pictures.map((picture: unknown) => {
    const [name, size] = Array.isArray(picture) ? (picture as unknown[]) : []
    return { name, bytes: size }
  })
  const parsed = experimentSchema.safeParse({
    version: 1,
    contenders,
    networks,
    pictures: named,
    repetitions,
    deadlineMs,
    seed,
    start,
  })
  return parsed.success ? parsed.data : null
}
