import { VALUES_MAX } from './experiment'

/** The values of a sweep as a person writes them: from, to and by how much. */
export interface Steps {
  readonly from: number
  readonly to: number
  readonly step: number
}

/** So that 0.1 three times is 0.3. */
const DIGITS = 12

/**
 * From, and on by step as long as that is not past `to`: 0 to 10 by 4 is 0, 4, 8. None when there is no way from one to
 * the other; one more than an experiment takes when there are too many, which its schema then says.
 */
export function sweepValues({ from, to, step }: Steps): number[] {
  if (![from, to, step].every(Number.isFinite) || to < from) return []
  if (from === to) return [from]
  if (step <= 0) return []
  // A little more, where the last step would miss its end by the error of its division.
  const count = Math.min(VALUES_MAX, Math.floor((to - from) / step + 1e-9))
  return Array.from({ length: count + 1 }, (_, i) => Number((from + i * step).toPrecision(DIGITS)))
}

/** The inverse; null where the steps are not even, or there are no values. */
export function stepsOf(values: readonly number[]): Steps | null {
  const [from, second = from] = values
  const to = values.at(-1)
  if (from === undefined || second === undefined || to === undefined) return null
  const steps = { from, to, step: from === to ? 1 : Number((second - from).toPrecision(DIGITS)) }
  return isSameList(sweepValues(steps), values) ? steps : null
}

export function isSameList(first: readonly number[], second: readonly number[]): boolean {
  return first.length === second.length && first.every((value, i) => Object.is(value, second[i]))
}
