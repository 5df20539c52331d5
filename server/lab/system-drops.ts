import { readFileSync } from 'node:fs'

/** Linux keeps a line for each socket there, its drops in the last column (proc_pid_net(5)). */
const LIST = '/proc/net/udp'

/**
 * Datagrams that the system has dropped because this program did not read them in time, of the sockets at these ports of
 * an IPv4 address; null where the system does not say. Such loss is ours, not the emulated network's.
 */
export function systemDrops(address: string, ports: readonly number[]): number | null {
  try {
    return dropsIn(readFileSync(LIST, 'utf8'), address, ports)
  } catch {
    return null
  }
}

export function dropsIn(list: string, address: string, ports: readonly number[]): number | null {
  const host = address
    .split('.')
    .reverse()
    .map((part) => hex(Number(part), 2))
    .join('')
  const wanted = new Set(ports.map((port) => `${host}:${hex(port, 4)}`))
  let drops: number | null = null
  for (const line of list.split('\n')) {
    const columns = line.trim().split(/\s+/)
    const dropped = Number(columns.at(-1))
    if (wanted.has(columns[1] ?? '') && Number.isInteger(dropped)) drops = (drops ?? 0) + dropped
  }
  return drops
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}
