import type { z } from 'zod'

import { experimentSchema, LABEL_MAX_CHARS, RUNS_MAX, SEED_MAX, VALUES_MAX } from './experiment'
import type { Experiment } from './experiment'
import { NETWORK_PARAMETERS, networkSettingsSchema } from './networks'
import type { NetworkParameter } from './networks'
import { limitsOf, PARAMETERS } from './parameters'

/** What is wrong with one field, for the person who filled it in. */
export interface Problem {
  /** Where it was entered: `repetitions`, `networks.2.settings.mbit`, `networks.0.over`. */
  readonly path: string
  readonly text: string
}

/** What keeps an experiment from being run; one for each field at most. */
export function problemsOf(experiment: Experiment): Problem[] {
  const parsed = experimentSchema.safeParse(experiment)
  const problems = parsed.success ? [] : parsed.error.issues.flatMap((issue) => wordsOf(issue, experiment))
  return problems.filter(({ path }, at) => problems.findIndex((other) => other.path === path) === at)
}

/** That of one field. */
export function problemAt(problems: readonly Problem[], path: string): string | undefined {
  return problems.find((problem) => problem.path === path)?.text
}

const SIMPLE: Readonly<Record<string, string>> = {
  repetitions: 'A whole number from 1 to 1000.',
  deadlineMs: 'From 0.1 to 600 seconds.',
  seed: `A whole number from 0 to ${SEED_MAX}.`,
}

function wordsOf(issue: z.core.$ZodIssue, experiment: Experiment): Problem[] {
  const [field = '', index, part, parameter] = issue.path.map(String)
  const isList = index === undefined
  if (field === 'repetitions' && issue.code === 'custom') {
    return [{ path: field, text: `That makes more than ${RUNS_MAX} runs.` }]
  }
  if (SIMPLE[field] !== undefined) return [{ path: field, text: SIMPLE[field] }]
  if (field === 'contenders') return [{ path: field, text: 'Choose at least one way to send.' }]
  if (field === 'pictures') {
    if (!isList)
      return [{ path: field, text: `Picture ${Number(index) + 1} is empty, too large or has no name.` }]
    return [{ path: field, text: countWords(issue, 'picture', 20) }]
  }
  if (field !== 'networks') return [{ path: field, text: 'This cannot be measured.' }]
  if (isList) return [{ path: field, text: countWords(issue, 'network', VALUES_MAX) }]
  return networkWords(experiment, `networks.${index}`, Number(index), part, parameter)
}

function countWords(issue: z.core.$ZodIssue, one: string, most: number): string {
  if (issue.code === 'custom') return `The same ${one} is named twice.`
  return issue.code === 'too_big' ? `At most ${most} ${one}s.` : `Choose at least one ${one}.`
}

function networkWords(
  { networks }: Experiment,
  path: string,
  index: number,
  part: string | undefined,
  parameter: string | undefined,
): Problem[] {
  const network = networks[index]
  if (part === 'label')
    return [{ path: `${path}.label`, text: `A name of 1 to ${LABEL_MAX_CHARS} characters.` }]
  if (part === 'settings' && isParameter(parameter)) {
    return [{ path: `${path}.settings.${parameter}`, text: limitsText(parameter) }]
  }
  // One of two kinds, neither of which fits: what is wrong with it is asked again.
  if (part === 'base' && network && 'base' in network && typeof network.base === 'object') {
    const base = networkSettingsSchema.safeParse(network.base)
    return (base.error?.issues ?? []).map(({ path: [name] }) => ({
      path: `${path}.base.${String(name)}`,
      text: limitsText(name),
    }))
  }
  if ((part === 'over' || part === 'and') && network && part in network) {
    const axis = network.type === 'matrix' ? network[part] : network.type === 'sweep' ? network.over : null
    if (axis) return [{ path: `${path}.${part}`, text: axisText(axis) }]
  }
  return [{ path, text: 'This network cannot be measured.' }]
}

function axisText({ parameter, values }: { parameter: NetworkParameter; values: readonly number[] }): string {
  if (values.length === 0) return 'From the smaller to the larger number, by a step above 0.'
  if (values.length > VALUES_MAX) return `These are more than ${VALUES_MAX} values: take a larger step.`
  return limitsText(parameter)
}

function limitsText(parameter: unknown): string {
  if (!isParameter(parameter)) return 'This is no number.'
  const { min, max } = limitsOf(parameter)
  const { title, unit } = PARAMETERS[parameter]
  const whole = parameter === 'queuePackets' ? 'whole numbers ' : ''
  return `${title}: ${whole}from ${min} to ${max} ${unit}.`
}

function isParameter(name: unknown): name is NetworkParameter {
  return NETWORK_PARAMETERS.some((parameter) => parameter === name)
}
