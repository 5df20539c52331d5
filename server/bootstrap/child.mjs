import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The most of a command's output that is kept, characters. */
const KEPT_OUTPUT_CHARS = 200_000

/** How long a command may take to end after it was asked to, before it is killed; browsers need some. */
const GRACE_MS = 8_000

/** @type {NodeJS.Signals[]} */
const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

const HAS_PROCESS_GROUPS = process.platform !== 'win32'

/**
 * Runs a command to its end, and takes everything it started down with it: on POSIX it leads a process
 * group of its own. A signal to this process goes to the group, and is named in the result.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, show?: boolean, abort?: AbortSignal, graceMs?: number }} options
 *   `show` passes the output on as it comes; `abort` ends the command early, for instance `AbortSignal.timeout`
 * @returns {Promise<{ code: number, output: string, aborted: boolean, signal: NodeJS.Signals | null }>}
 *   code 127: the command could not be started
 */
export function runToEnd(command, args, { cwd, env = process.env, show = false, abort, graceMs = GRACE_MS }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: HAS_PROCESS_GROUPS,
      // npm is a .cmd file on Windows, and those run only in a shell.
      shell: command.endsWith('.cmd'),
      windowsHide: true,
    })
    let output = ''
    /** @type {NodeJS.Signals | null} */
    let asked = null
    /** @type {NodeJS.Timeout[]} */
    const timers = []

    /** @param {Buffer} chunk @param {NodeJS.WriteStream} sink */
    const take = (chunk, sink) => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT_CHARS)
      if (show) sink.write(chunk)
    }
    child.stdout.on('data', (chunk) => take(chunk, process.stdout))
    child.stderr.on('data', (chunk) => take(chunk, process.stderr))

    /** @param {NodeJS.Signals} signal */
    const end = (signal) => {
      signalGroup(child.pid, signal)
      timers.push(setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs))
    }
    const forwarders = FORWARDED_SIGNALS.map((signal) => {
      const forward = () => {
        // Whoever asks twice means it.
        end(asked === null ? signal : 'SIGKILL')
        asked ??= signal
      }
      process.on(signal, forward)
      return { signal, forward }
    })
    const onAbort = () => end('SIGTERM')
    abort?.addEventListener('abort', onAbort)

    /** @param {number} code */
    const finish = (code) => {
      for (const timer of timers) clearTimeout(timer)
      for (const { signal, forward } of forwarders) process.off(signal, forward)
      abort?.removeEventListener('abort', onAbort)
      signalGroup(child.pid, 'SIGKILL')
      resolve({ code, output, aborted: abort?.aborted ?? false, signal: asked })
    }
    child.on('error', (error) => {
      output += String(error)
      finish(127)
    })
    // `exit` and not `close`: a grandchild that holds the pipes open must not keep us waiting for ever.
    child.on('exit', (code) => setImmediate(finish, code ?? 1))
  })
}

/**
 * How to run npm: the npm that runs us, the one beside this Node, or whichever the PATH has.
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand() {
  const running = process.env.npm_execpath
  const besideNode = ['../lib/node_modules/npm/bin/npm-cli.js', 'node_modules/npm/bin/npm-cli.js'].map(
    (path) => join(dirname(process.execPath), path),
  )
  const script = [running, ...besideNode].find(
    (path) => path && basename(path) === 'npm-cli.js' && existsSync(path),
  )
  if (script) return { command: process.execPath, args: [script] }
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] }
}

/**
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
function signalGroup(pid, signal) {
  if (pid === undefined) return
  try {
    process.kill(HAS_PROCESS_GROUPS ? -pid : pid, signal)
  } catch {
    // Nobody of the group is left, which is what was wanted.
  }
}
