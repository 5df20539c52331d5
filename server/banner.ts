import { renderUnicodeCompact } from 'uqr'

import type { ServerAddress } from '@/lib/signalling/messages'

export interface BannerOptions {
  readonly addresses: readonly ServerAddress[]
  readonly port: number
  /** A terminal: colours make the code readable on a light background too. */
  readonly colours: boolean
}

const RESET = '\u001b[0m'
const WHITE_ON_BLACK = '\u001b[97;40m'

/** What `npm start` prints: where to open Shoal, and a QR code of the best address for a phone. */
export function banner({ addresses, port, colours }: BannerOptions): string {
  const [best, ...others] = addresses
  const here = `  On this computer   http://localhost:${port}/`
  if (best === undefined) {
    return [
      '',
      '  Shoal is running.',
      '',
      here,
      '  No other device can reach it: this computer is on no network, or HOST keeps the network out.',
      '',
    ].join('\n')
  }
  return [
    '',
    '  Shoal is running.',
    '',
    here,
    `  On the network     ${best.origin}/   ${best.label}`,
    ...others.map(({ origin, label }) => `                     ${origin}/   ${label}`),
    '',
    qrCode(`${best.origin}/`, colours),
    '',
    '  Scan this with a phone on the same network. Ctrl-C stops.',
    '',
  ].join('\n')
}

/** Light modules are drawn as full blocks: right way round on a dark background, which colours enforce. */
function qrCode(text: string, colours: boolean): string {
  return renderUnicodeCompact(text, { border: 2 })
    .split('\n')
    .map((line) => (colours ? `  ${WHITE_ON_BLACK}${line}${RESET}` : `  ${line}`))
    .join('\n')
}
