import { plannedRuns } from '@/lib/lab/experiment'
import type { Contender, Experiment, NamedLink } from '@/lib/lab/experiment'
import type { LabResults, RunResult } from '@/lib/lab/results'

import { formatCell } from './cells'
import type { Cell } from './cells'
import { DEADLINE_MS } from './contender'
import type { ContenderName } from './contender'
import type { RunRecord } from './records'

/** What the lab has of the table's contenders, and under which name. The others are other uses of the same channel or socket. */
const CONTENDERS: Partial<Readonly<Record<ContenderName, Contender>>> = {
  assured: 'assured',
  'assured-1': 'assured-1',
  classic: 'classic',
  repair: 'repair',
  'reliable-64k': 'reliable',
  'ws-1': 'ws',
}

/** Names of pictures in the lab; the table has one of each size. */
const pictureName = ({ bytes }: Cell): string => `${bytes} bytes`

/**
 * The runs of open connections as a file that the lab's page opens: there they stand beside the emulator's, in charts of
 * their own. null when there is none. Quality was not measured, and seeds are those of the link, so all are 0 here.
 */
export function labResults(
  cells: readonly Cell[],
  records: readonly RunRecord[],
  shoal: string,
): LabResults | null {
  const names = new Set(cells.map(formatCell))
  const used = records.filter(
    ({ contender, state, cell }) => CONTENDERS[contender] && state === 'open' && names.has(cell),
  )
  const own = cells.filter((cell) => used.some((run) => run.cell === formatCell(cell)))
  const [first] = used
  if (!first) return null
  const contenders = [...new Set(used.flatMap(({ contender }) => CONTENDERS[contender] ?? []))]
  const links = new Map(own.map((cell) => [linkOf(cell).label, linkOf(cell)]))
  const pictures = new Map(own.map((cell) => [cell.bytes, { name: pictureName(cell), bytes: cell.bytes }]))
  const experiment: Experiment = {
    version: 1,
    contenders,
    networks: [...links.values()].map(({ label, settings }) => ({
      type: 'settings' as const,
      ...{ label, settings: { ...settings } },
    })),
    pictures: [...pictures.values()],
    repetitions: 1 + Math.max(...used.map(({ round }) => round)),
    deadlineMs: DEADLINE_MS,
    seed: 0,
    start: 'warm',
  }
  const plans = new Map(plannedRuns(experiment).map((plan) => [plan.key, plan]))
  const runs = own.flatMap((cell) =>
    used
      .filter((run) => run.cell === formatCell(cell))
      .flatMap((run) => {
        const contender = CONTENDERS[run.contender]
        const key = JSON.stringify([contender, linkOf(cell).label, pictureName(cell), run.round])
        const plan = plans.get(key)
        return plan
          ? [
              {
                ...resultOf(run),
                ...plan,
                network: { ...plan.network, settings: { ...plan.network.settings } },
              },
            ]
          : []
      }),
  )
  const { browser, kernel, linkTool } = first.environment
  return {
    format: 'shoal-lab',
    version: 1,
    means: 'kernel-link',
    experiment,
    shoal,
    browser: `${browser}, Linux ${kernel}, ${linkTool}`,
    runs,
  }
}

function linkOf({ link }: Cell): NamedLink {
  const { oneWayMs, lossPercent, mbit, queuePackets, meanBurst } = link
  return {
    label: `${oneWayMs} ms, ${lossPercent} % lost${meanBurst > 1 ? ` in spells of ${meanBurst}` : ''}, ${mbit} Mbit/s`,
    settings: {
      ...{ oneWayMs, lossPercent, mbit, queuePackets, meanBurst },
      ...{ jitterMs: 0, reorderPercent: 0, reorderByMs: 0 },
    },
  }
}

const ENDS = { exact: 'exact', incomplete: 'partial', deadline: 'deadline', failed: 'deadline' } as const

function resultOf(
  run: RunRecord,
): Omit<RunResult, 'key' | 'contender' | 'network' | 'picture' | 'repetition' | 'seed'> {
  const count = (name: string): number | null => {
    const value = run.report?.[name]
    return typeof value === 'number' ? value : null
  }
  const [sent, lost] = [count('packetsSent'), count('packetsLost')]
  return {
    end: ENDS[run.outcome],
    times: { firstPacket: null, firstPreview: run.previewMs, ssim90: null, exact: run.ms },
    samples: [],
    area: null,
    packets:
      sent === null || lost === null
        ? null
        : { sent, lost, recovered: (count('recovered') ?? 0) + (count('repaired') ?? 0) },
    overheadRatio: count('overheadRatio'),
    goodputBytesPerSecond: count('goodputBytesPerSecond'),
    queueDelayMsP95: count('queueDelayMsP95'),
    longTasks: null,
    link: null,
  }
}
