import { spawnSync } from 'node:child_process'

import type { Host } from './link'

/** Names of our own, so that other tools' hosts can be on the machine too. */
export const NAMESPACE_A = 'shoal-a'
export const NAMESPACE_B = 'shoal-b'

/** Private, and nobody's in particular: each host sees nothing but the other. */
export const ADDRESS_A = '10.88.0.1'
export const ADDRESS_B = '10.88.0.2'

/** Runs a program to its end; throws what it said when it fails. */
export function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (error) throw new Error(`${command} could not be run: ${error.message}`)
  if (status !== 0)
    throw new Error(`${[command, ...args].join(' ')} failed: ${stderr.trim() || stdout.trim()}`)
  return stdout
}

/** Two empty hosts. What a run that was killed left behind is removed; a link in use is not. */
export function addNamespaces(): void {
  for (const namespace of [NAMESPACE_A, NAMESPACE_B]) {
    if (run('ip', 'netns', 'list').split(/\s+/).includes(namespace)) {
      if (run('ip', 'netns', 'pids', namespace).trim() !== '')
        throw new Error(`the host ${namespace} is in use: one link at a time`)
      run('ip', 'netns', 'delete', namespace)
    }
    run('ip', 'netns', 'add', namespace)
    run('ip', '-n', namespace, 'link', 'set', 'lo', 'up')
  }
}

export function removeNamespaces(): void {
  for (const namespace of [NAMESPACE_A, NAMESPACE_B])
    spawnSync('ip', ['netns', 'delete', namespace], { stdio: 'ignore' })
}

/** Gives the device the host's address; everything leaves by it, multicast (and so mDNS) too. */
export function configure(namespace: string, device: string, own: string, peer: string): void {
  run('ip', '-n', namespace, 'address', 'add', own, 'peer', peer, 'dev', device)
  run(
    'ip',
    '-n',
    namespace,
    'link',
    'set',
    device,
    'up',
    'mtu',
    '1500',
    'txqueuelen',
    '2000',
    'multicast',
    'on',
  )
  run('ip', '-n', namespace, 'route', 'replace', 'default', 'dev', device)
}

export function namespaceHost(namespace: string, address: string): Host {
  return { address, wrap: (command, args) => ['ip', 'netns', 'exec', namespace, command, ...args] }
}
