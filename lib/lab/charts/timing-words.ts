import type { Contender } from '../experiment'

import type { Timing } from './cells'
import { markOf } from './marks'
import { duration, durationWithInterval, NOTHING } from './words'

/** For a person who points at one. */
export function timingWord({ interval, ended, runs }: Timing): string {
  const all = ended === runs ? `all ${runs} runs` : `${ended} of ${runs} runs came so far`
  const [low, high] = [duration(interval.low), duration(interval.high)]
  const around = low === high ? '' : `\n95 % interval ${low} to ${high}`
  return `median ${duration(interval.middle)}${around}\n${all}`
}

/** Two columns of a table for each contender. */
export function timingColumns(contenders: readonly Contender[]): string[] {
  return contenders.flatMap((contender) => {
    const { name } = markOf(contender)
    return [name, `${name}, runs`]
  })
}

export function timingCells(timing: Timing | undefined): string[] {
  return timing && timing.runs > 0
    ? [durationWithInterval(timing.interval), `${timing.ended} of ${timing.runs}`]
    : [NOTHING, NOTHING]
}
