import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Browser } from '@playwright/test'

import { openLink } from '@/e2e/link/link'
import type { Host, Link, LinkOptions } from '@/e2e/link/link'
import type { LinkSpec } from '@/e2e/link/link-spec'

import { openChromium } from './browsers'
import { runOn, startOn } from './host-process'
import type { Environment } from './records'

const SHOAL_PORT = 3000
const BENCH_PORT = 3001
const CONGESTION_CONTROL = '/proc/sys/net/ipv4/tcp_congestion_control'

/** End the bench; the hosts are taken away first. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Browsers {
  readonly a: Browser
  readonly b: Browser
}

/** Two hosts and their link, a Chromium on each, Shoal and the bench's own server on host A. */
export interface Site {
  readonly link: Link
  readonly browsers: Browsers
  /** Shoal's origin. */
  readonly shoal: string
  /** The bench server's origin; it serves the pictures of `folder`. */
  readonly bench: string
  readonly folder: string
  readonly browserVersion: string
  /** Aborted as soon as anything of it is taken away. */
  readonly closing: AbortSignal
  readonly close: () => Promise<void>
}

export async function openSite(spec: LinkSpec, options: LinkOptions): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-pictures-'))
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const ended = new AbortController()
  const close = async (): Promise<void> => {
    ended.abort()
    for (const signal of SIGNALS) process.off(signal, leave)
    for (const each of closing.splice(0).reverse()) await each()
  }
  const leave = (): void => {
    process.stderr.write('bench:link: ended; what was measured is kept\n')
    void close().finally(() => process.exit(1))
  }
  for (const signal of SIGNALS) process.on(signal, leave)
  try {
    const link = await openLink(spec, options)
    closing.push(link.close)
    const [shoal, server] = await Promise.all([
      startOn(link.a, 'server/main.ts', {
        ready: 'Shoal is running',
        env: {
          NODE_ENV: 'production',
          NEXT_TELEMETRY_DISABLED: '1',
          PORT: String(SHOAL_PORT),
          SHOAL_DATA_DIR: join(folder, 'data'),
          SHOAL_JOINS_PER_MINUTE: '10000',
        },
      }),
      startOn(link.a, 'e2e/bench/link/bench-server.ts', {
        args: [String(BENCH_PORT), folder],
        ready: 'ready',
      }),
    ])
    closing.push(shoal.stop, server.stop)
    const [a, b] = await Promise.all([openChromium(link.a, folder, 'a'), openChromium(link.b, folder, 'b')])
    closing.push(
      () => a.close(),
      () => b.close(),
    )
    return {
      link,
      browsers: { a, b },
      shoal: `http://${link.a.address}:${SHOAL_PORT}`,
      bench: `http://${link.a.address}:${BENCH_PORT}`,
      folder,
      browserVersion: `Chromium ${a.version()}`,
      closing: ended.signal,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The TCP algorithm of what a host sends, unless a route of its own says otherwise. */
export async function congestionControl(host: Host): Promise<string> {
  return (await runOn(host, 'cat', [CONGESTION_CONTROL])).trim()
}

/**
 * Names the TCP algorithm for what host A sends to host B from now on; false where the kernel does not have it. By the
 * route: a namespace of its own may not choose an algorithm that the machine allows to root alone.
 */
export async function setCongestionControl({ a, b }: Link, algorithm: string): Promise<boolean> {
  try {
    const route = await runOn(a, 'ip', ['route', 'get', b.address])
    const device = /\bdev (\S+)/.exec(route)?.[1] ?? ''
    const to = ['route', 'replace', `${b.address}/32`, 'dev', device, 'src', a.address]
    await runOn(a, 'ip', [...to, 'congctl', algorithm])
    return true
  } catch {
    return false
  }
}

/** All of it that depends on the site. */
export async function environmentOf(
  { link, browserVersion }: Site,
  machine: Omit<Environment, 'browser' | 'linkTool' | 'tcp'>,
): Promise<Environment> {
  return { ...machine, browser: browserVersion, linkTool: link.tool, tcp: await congestionControl(link.a) }
}
