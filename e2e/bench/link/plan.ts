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
 * All runs of a cell, round by round, those that are there already left out. In every other round the order is turned
 * round, so that none always comes first, and a change of the machine's mood meets all of them.
 */
export function planRuns(
  entries: readonly { readonly contender: ContenderName; readonly state: RunState; readonly runs: number }[],
  made: ReadonlySet<string>,
): PlannedRun[] {
  const rounds = Math.max(0, ...entries.map(({ runs }) => runs))
  return Array.from({ length: rounds }, (_, round) => {
    const due = entries
      .filter(({ runs }) => round < runs)
      .map(({ contender, state }) => ({ contender, state, round }))
    return round % 2 === 0 ? due : due.reverse()
  })
    .flat()
    .filter((run) => !made.has(keyOf(run)))
}
