import type { ContenderName, RunState } from './contender'

/** One run to be made. */
export interface PlannedRun {
  readonly contender: ContenderName
  readonly state: RunState
  readonly round: number
}

/** What identifies a run within a cell. */
export const keyOf = ({ contender, state, round }: PlannedRun): string => `${contender}/${state}/${round}`

/**
 * Each item in every round, with the number of the round. In every other round the order is turned round, so that none
 * always comes first, and a change of the machine's mood meets all of them.
 */
export function alternate<T>(items: readonly T[], rounds: number): (readonly [T, number])[] {
  return Array.from({ length: rounds }, (_, round) => {
    const turn = items.map((item) => [item, round] as const)
    return round % 2 === 0 ? turn : turn.reverse()
  }).flat()
}

/** All runs of a cell, round by round, those that are there already left out. */
export function planRuns(
  entries: readonly { readonly contender: ContenderName; readonly state: RunState; readonly runs: number }[],
  made: ReadonlySet<string>,
): PlannedRun[] {
  const rounds = Math.max(0, ...entries.map(({ runs }) => runs))
  return alternate(entries, rounds)
    .filter(([{ runs }, round]) => round < runs)
    .map(([{ contender, state }, round]) => ({ contender, state, round }))
    .filter((run) => !made.has(keyOf(run)))
}
