import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import type { Host } from '@/e2e/link/link'

const ROOT = join(import.meta.dirname, '../../..')
const END_WITH_PARENT = pathToFileURL(join(ROOT, 'e2e/setup/end-with-parent.mjs')).href
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 5000
/** Characters of a program's output that are kept. */
const OUTPUT_MAX = 1_000_000

export interface HostProcess {
  /** Everything it has printed. */
  readonly output: () => string
  /** One line on its standard input. */
  readonly tell: (line: string) => void
  readonly stop: () => Promise<void>
}

/** Runs a program of this project on a host, and waits until it prints that it is ready. */
export async function startOn(
  host: Host,
  script: string,
  { args = [], env = {}, ready }: { args?: readonly string[]; env?: Record<string, string>; ready: string },
): Promise<HostProcess> {
  const node = ['--import', END_WITH_PARENT, '--import', 'tsx', script, ...args]
  const [command, ...wrapped] = host.wrap(process.execPath, node)
  const child = spawn(command, wrapped, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_MAX)
      if (output.includes(ready)) resolve()
    }
    const fail = (): void => reject(new Error(`${script} did not start; it printed:\n${output}`))
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    void exited.then(fail)
    setTimeout(fail, START_LIMIT_MS).unref()
  })
  return {
    output: () => output,
    tell: (line) => {
      child.stdin.write(`${line}\n`)
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
      await exited
      clearTimeout(late)
    },
  }
}

/** Runs a program on a host to its end, and returns what it prints; throws when it fails. */
export async function runOn(host: Host, program: string, args: readonly string[]): Promise<string> {
  const [command, ...wrapped] = host.wrap(program, args)
  return (await promisify(execFile)(command, wrapped)).stdout
}
