/**
 * Runs on the receiver's host during a long transfer: ten times a second it prints what the host has received in all,
 * and what a TCP download has, and the one-way delay of the probes that the other host sends meanwhile.
 *
 * usage: sampler.ts PROBE_PORT [URL]        the download begins with the line "go" on standard input
 *        sampler.ts --probe ADDRESS PORT    the other end of the probes, on the sender's host
 */
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'

import type { Sample } from './samples'

const SAMPLE_EVERY_MS = 100
/** Small and rare enough to leave the queue as it is. */
const PROBE_EVERY_MS = 20
const PROBE_BYTES = 8

const args = process.argv.slice(2)
const [first = '', second = '', third = ''] = args
if (first === '--probe') sendProbes(second, Number(third))
else sample(Number(first), second)

/** Both hosts share the machine's monotonic clock, so the difference is the one-way delay. */
function sendProbes(address: string, port: number): void {
  const socket = createSocket('udp4')
  setInterval(() => {
    const message = Buffer.alloc(PROBE_BYTES)
    message.writeBigInt64BE(process.hrtime.bigint())
    socket.send(message, port, address)
  }, PROBE_EVERY_MS)
  process.stdout.write('ready\n')
}

function sample(probePort: number, url: string): void {
  let payload = 0
  let delays: number[] = []
  const socket = createSocket('udp4')
  socket.on('message', (message) => {
    delays.push(Number(process.hrtime.bigint() - message.readBigInt64BE()) / 1e6)
  })
  socket.bind(probePort, () => process.stdout.write('ready\n'))
  process.stdin.on('data', () => {
    if (url === '') return
    get(url, (response) => response.on('data', (chunk: Buffer) => (payload += chunk.length)))
  })
  setInterval(() => {
    const line: Sample = { at: Date.now(), payload, ...received(), delaysMs: delays }
    delays = []
    process.stdout.write(`${JSON.stringify(line)}\n`)
  }, SAMPLE_EVERY_MS)
}

function received(): { ipBytes: number; tcpSegments: number } {
  return {
    ipBytes: counter('/proc/net/netstat', 'IpExt:', 'InOctets'),
    tcpSegments: counter('/proc/net/snmp', 'Tcp:', 'InSegs'),
  }
}

/** These files have two lines a protocol: names, then values. */
function counter(path: string, protocol: string, name: string): number {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(protocol))
    .map((line) => line.split(' '))
  return Number(lines[1]?.[lines[0]?.indexOf(name) ?? -1] ?? NaN)
}
