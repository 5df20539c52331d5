import { formatLinkSpec, parseLinkSpec } from '@/e2e/link/link-spec'
import type { LinkSpec } from '@/e2e/link/link-spec'

/** What a row of the table is about: one link and one size of picture. */
export interface Cell {
  readonly link: LinkSpec
  readonly bytes: number
}

/** What Assured's median may be at most; every number that is there counts. */
export interface Bar {
  /** Of the median of one WebSocket. */
  readonly ofWebSocket?: number
  /** Of the link's limit. */
  readonly ofLimit?: number
  /** Assured's 95th percentile, of the median of one WebSocket. */
  readonly p95OfWebSocket?: number
}

export interface Goal {
  readonly must: Bar
  readonly aim: Bar
}

const SMALL = 300_000
const LARGE = 2_000_000

const GOALS: readonly (readonly [string, number, Goal])[] = [
  ['25,0,20,200', SMALL, { must: { ofWebSocket: 0.85 }, aim: { ofWebSocket: 0.7 } }],
  ['25,0,20,200', LARGE, { must: { ofWebSocket: 1.05 }, aim: { ofWebSocket: 0.97 } }],
  ['25,1,20,200', SMALL, { must: { ofWebSocket: 0.8 }, aim: { ofWebSocket: 0.65 } }],
  ['25,1,20,200', LARGE, { must: { ofWebSocket: 1.0 }, aim: { ofWebSocket: 0.95 } }],
  [
    '25,5,20,200',
    SMALL,
    {
      must: { ofWebSocket: 0.55, ofLimit: 1.4, p95OfWebSocket: 0.7 },
      aim: { ofWebSocket: 0.45, ofLimit: 1.15, p95OfWebSocket: 0.7 },
    },
  ],
  ['25,5,20,200', LARGE, { must: { ofWebSocket: 1.0 }, aim: { ofWebSocket: 0.85 } }],
  ['25,20,20,200', SMALL, { must: { ofWebSocket: 0.5 }, aim: { ofWebSocket: 0.35 } }],
  ['25,20,20,200', LARGE, { must: {}, aim: { ofWebSocket: 1.0 } }],
  ['50,10,10,100', SMALL, { must: { ofWebSocket: 0.7 }, aim: { ofWebSocket: 0.5 } }],
  ['50,10,10,100', LARGE, { must: { ofWebSocket: 1.3 }, aim: { ofWebSocket: 1.0 } }],
  ['1,1,200,1000', SMALL, { must: { ofWebSocket: 1.5 }, aim: { ofWebSocket: 1.0 } }],
  ['1,1,200,1000', LARGE, { must: { ofWebSocket: 2.0 }, aim: { ofWebSocket: 1.3 } }],
]

/** The table's own cells, in its order. */
export const TABLE_CELLS: readonly Cell[] = GOALS.map(([link, bytes]) => cellOf(link, bytes))

/** Its links, in its order. */
export const TABLE_LINKS: readonly LinkSpec[] = TABLE_CELLS.filter(({ bytes }) => bytes === SMALL).map(
  ({ link }) => link,
)

/** What is wanted in a cell; null for one that is not of the table. */
export function goalOf(cell: Cell): Goal | null {
  const link = formatLinkSpec(cell.link)
  return GOALS.find(([itsLink, bytes]) => itsLink === link && bytes === cell.bytes)?.[2] ?? null
}

/** Data bytes that may be sent for each byte of the picture: what must be, and the aim, both before loss. */
export function wantedOverhead(bytes: number): { readonly must: number; readonly aim: number } {
  return bytes >= LARGE ? { must: 1.25, aim: 1.12 } : { must: 1.4, aim: 1.25 }
}

/** Until the second page can send, for links of the table that have a goal. */
export const READY_WITHIN_MS: Readonly<Record<string, number>> = {
  '25,0,20,200': 500,
  '25,5,20,200': 1000,
  '25,20,20,200': 2000,
}

/** 95th percentile, alone on the link, after the first second. */
export const QUEUE_DELAY_MAX_MS = 60

/** Of the bytes, beside one TCP download, of each of the two. */
export const SHARE_MAX = 0.7

/** The first preview, after the send; wanted in 95 of 100 runs at the highest loss of the table. */
export function previewWithinMs({ oneWayMs }: LinkSpec): number {
  return 4 * oneWayMs + 150
}
export const PREVIEW_SHARE = 0.95
const PREVIEW_LOSS_PERCENT = 20
export const hasPreviewGoal = ({ lossPercent }: LinkSpec): boolean => lossPercent === PREVIEW_LOSS_PERCENT

/** "25,5,20,200:300000"; null for anything else. */
export function parseCell(text: string): Cell | null {
  const [linkText = '', bytesText = '', ...rest] = text.split(':')
  const link = parseLinkSpec(linkText)
  if (!link || rest.length > 0 || !/^\d{4,8}$/.test(bytesText)) return null
  return { link, bytes: Number(bytesText) }
}

/** The inverse of `parseCell`. */
export function formatCell({ link, bytes }: Cell): string {
  return `${formatLinkSpec(link)}:${bytes}`
}

function cellOf(link: string, bytes: number): Cell {
  const spec = parseLinkSpec(link)
  if (!spec) throw new Error(`${link} is no link`)
  return { link: spec, bytes }
}
