import { Cable, Server, Waypoints } from 'lucide-react'

import type { CarryingPath } from '@/lib/protocol/report'

const PATHS = {
  direct: { text: 'Direct', Icon: Cable },
  turn: { text: 'Through a TURN server', Icon: Waypoints },
  relay: { text: 'Through this server (sealed)', Icon: Server },
} as const satisfies Record<CarryingPath, unknown>

/** By which path pictures travel now. */
export function PathLine({ path }: { path: CarryingPath | null }) {
  if (path === null) return null
  const { text, Icon } = PATHS[path]
  return (
    <p data-testid="path" data-path={path} className="flex items-center gap-1.5 text-sm text-muted">
      <Icon aria-hidden="true" className="size-4 shrink-0" />
      <span className="sr-only">Path: </span>
      {text}
    </p>
  )
}
