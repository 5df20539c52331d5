import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Host } from '@/e2e/link/link'

const ROOT = join(import.meta.dirname, '../../..')
const END_WITH_PARENT = pathToFileURL(join(ROOT, 'e2e/setup/end-with-parent.mjs')).href
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 5000

export interface HostProcess {
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
      output = (output + chunk.toString()).slice(-10_000)
      if (output.includes(ready)) resolve()
    }
    const fail = (): void => reject(new Error(`${script} did not start; it printed:\n${output}`))
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    void exited.then(fail)
    setTimeout(fail, START_LIMIT_MS).unref()
  })
  return {
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
      await exited
      clearTimeout(late)
    },
  }
}
