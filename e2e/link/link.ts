import { openEmulatedLink } from './emulated-link'
import { openForeignLink } from './foreign-link'
import type { LinkSpec } from './link-spec'
import { kernelHasNetem, openNetemLink } from './netem-link'

/** One of the two hosts: a network of its own, with one address, on this machine. */
export interface Host {
  /** What the other host calls it. */
  readonly address: string
  /** The command line that runs a command on this host; open file descriptors are passed on. */
  readonly wrap: (command: string, args: readonly string[]) => readonly [string, ...string[]]
}

/** What the link did in one direction since the mark before; null where the tool cannot tell. */
export interface DirectionCounters {
  /** Offered by the host, and their bytes with IP headers. */
  readonly packets: number
  readonly bytes: number
  /** Lost at random; where `queueFull` is null, for that reason too. */
  readonly lost: number
  /** Dropped because the queue was full; netem counts these with those lost at random. */
  readonly queueFull: number | null
  /** Most packets in the queue. */
  readonly queueHighPackets: number | null
  /** Wait of a packet in the queue before its first bit is sent. */
  readonly queueDelayP50Ms: number | null
  readonly queueDelayP95Ms: number | null
  readonly queueDelayMaxMs: number | null
  /** How late packets were handed over, against the time they were due: how true the emulation is. */
  readonly lateP99Ms: number | null
  readonly lateMaxMs: number | null
}

export interface LinkCounters {
  readonly aToB: DirectionCounters
  readonly bToA: DirectionCounters
}

/** Two hosts and the link between them. */
export interface Link {
  /** "netem", "linkemu", or the path of another tool. */
  readonly tool: string
  readonly spec: LinkSpec
  readonly a: Host
  readonly b: Host
  /** Counters since the last call, or since the link is up; null where the tool has none. */
  readonly mark: () => Promise<LinkCounters | null>
  /** Takes the link and its hosts away. */
  readonly close: () => Promise<void>
}

export interface LinkOptions {
  /** Another tool: `PATH up DELAY LOSS RATE QUEUE SEED BURST`, `PATH in A|B COMMAND…`, `PATH down`. */
  readonly tool?: string | undefined
  /** Of the random losses, where the tool takes one. */
  readonly seed?: number | undefined
}

/** Why this process cannot make a link, in one line; null when it can. */
export function whyNoLink(): string | null {
  if (process.platform !== 'linux')
    return 'An emulated link needs Linux: network namespaces join the two hosts.'
  if (process.getuid?.() !== 0)
    return 'An emulated link needs root (network namespaces and a TUN device): run this command with sudo.'
  return null
}

/** What `openLink` will take, as `Link.tool` names it. */
export function linkToolName({ tool }: LinkOptions): string {
  return tool ?? (kernelHasNetem() ? 'netem' : 'linkemu')
}

/** netem where the kernel has it, else the project's own emulator, unless another tool is named. One at a time. */
export async function openLink(spec: LinkSpec, { tool, seed = 1 }: LinkOptions = {}): Promise<Link> {
  const problem = whyNoLink()
  if (problem) throw new Error(problem)
  if (tool) return openForeignLink(tool, spec, seed)
  return kernelHasNetem() ? openNetemLink(spec) : openEmulatedLink(spec, seed)
}
