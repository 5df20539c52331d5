import { Cable, Server, Waypoints } from 'lucide-react'

import type { CarryingPath } from '@/lib/protocol/report'
import type { LaneCount } from '@/lib/react/carrying-path'

const PATHS = {
  direct: { text: 'Direct', Icon: Cable },
  turn: { text: 'Through a TURN server', Icon: Waypoints },
  relay: { text: 'Through this server (sealed)', Icon: Server },
} as const satisfies Record<CarryingPath, unknown>

/** By which path pictures travel now, and over how many connections. */
export function PathLine({ path, lanes }: { path: CarryingPath | null; lanes: LaneCount }) {
  if (path === null) return null
  const { text, Icon } = PATHS[path]
  return (
    <p data-testid="path" data-path={path} className="flex items-center gap-1.5 text-sm text-muted">
      <Icon aria-hidden="true" className="size-4 shrink-0" />
      <span className="sr-only">Path: </span>
      {text}
      <span data-testid="lanes" data-open={lanes.open} data-target={lanes.target} className="figures">
        {lanes.open > 0 && `· ${lanes.open} ${lanes.open === 1 ? 'lane' : 'lanes'}`}
      </span>
    </p>
  )
}
