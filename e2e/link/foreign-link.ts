import { run } from './hosts'
import type { Host, Link } from './link'
import type { LinkSpec } from './link-spec'

/** A link made by another tool; see `LinkOptions.tool` for its command line. It has no counters that we could read. */
export function openForeignLink(tool: string, spec: LinkSpec, seed: number): Link {
  const { oneWayMs, lossPercent, mbit, queuePackets, meanBurst } = spec
  const numbers = [oneWayMs, lossPercent, mbit, queuePackets, seed, ...(meanBurst > 1 ? [meanBurst] : [])]
  run(tool, 'up', ...numbers.map(String))
  try {
    return {
      tool,
      spec,
      a: hostOf(tool, 'A'),
      b: hostOf(tool, 'B'),
      mark: async () => null,
      close: async () => {
        run(tool, 'down')
      },
    }
  } catch (error) {
    run(tool, 'down')
    throw error
  }
}

function hostOf(tool: string, name: 'A' | 'B'): Host {
  const wrap: Host['wrap'] = (command, args) => [tool, 'in', name, command, ...args]
  const [command, ...args] = wrap('ip', ['-4', '-o', 'address', 'show', 'scope', 'global'])
  const address = /inet ([\d.]+)/.exec(run(command, ...args))?.[1]
  if (!address) throw new Error(`${tool}: the host ${name} has no address`)
  return { address, wrap }
}
