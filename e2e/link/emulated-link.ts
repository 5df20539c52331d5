import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { findTool, TOOLS } from '@/e2e/setup/tools.mjs'

import {
  ADDRESS_A,
  ADDRESS_B,
  addNamespaces,
  configure,
  NAMESPACE_A,
  NAMESPACE_B,
  namespaceHost,
  removeNamespaces,
  run,
} from './hosts'
import type { Link, LinkCounters } from './link'
import type { LinkSpec } from './link-spec'

const SOURCE = join(import.meta.dirname, 'linkemu.c')
const DEVICE = 'shoal0'

/** A link carried by `linkemu`, which is compiled for the occasion. */
export async function openEmulatedLink(spec: LinkSpec, seed: number): Promise<Link> {
  const compiler = findTool('own-link')
  if (compiler === null) throw new Error(TOOLS['own-link'].use)
  const folder = mkdtempSync(join(tmpdir(), 'shoal-link-'))
  const program = join(folder, 'linkemu')
  const cleanUp = (): void => {
    removeNamespaces()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    run(compiler, '-O2', '-o', program, SOURCE)
    addNamespaces()
    for (const [namespace, own, peer] of [
      [NAMESPACE_A, ADDRESS_A, ADDRESS_B],
      [NAMESPACE_B, ADDRESS_B, ADDRESS_A],
    ] as const) {
      run('ip', '-n', namespace, 'tuntap', 'add', 'dev', DEVICE, 'mode', 'tun')
      configure(namespace, DEVICE, own, peer)
    }
    const emulator = await startEmulator(program, spec, seed)
    return {
      tool: 'linkemu',
      spec,
      a: namespaceHost(NAMESPACE_A, ADDRESS_A),
      b: namespaceHost(NAMESPACE_B, ADDRESS_B),
      mark: async () => JSON.parse(await emulator.ask('mark')) as LinkCounters,
      close: async () => {
        await emulator.end()
        cleanUp()
      },
    }
  } catch (error) {
    cleanUp()
    throw error
  }
}

interface Emulator {
  /** Sends one line and returns the line that answers it. */
  readonly ask: (line: string) => Promise<string>
  readonly end: () => Promise<void>
}

async function startEmulator(program: string, spec: LinkSpec, seed: number): Promise<Emulator> {
  const { oneWayMs, lossPercent, mbit, queuePackets, meanBurst } = spec
  const numbers = [oneWayMs, lossPercent, mbit, queuePackets, seed, meanBurst].map(String)
  const child = spawn(program, [NAMESPACE_A, NAMESPACE_B, DEVICE, ...numbers], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // It ends when its input does: when this process closes it, or is no more.
    detached: true,
  })
  const exited = once(child, 'exit')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => {
    const next = await lines.next()
    if (next.done) throw new Error('the link emulator ended')
    return next.value
  }
  let last: Promise<unknown> = nextLine()
  await last
  return {
    // One question at a time, so that each gets its own answer.
    ask: (line) => {
      const answer = last.then(() => {
        child.stdin.write(`${line}\n`)
        return nextLine()
      })
      last = answer
      return answer
    },
    end: async () => {
      child.stdin.end()
      await exited
    },
  }
}
