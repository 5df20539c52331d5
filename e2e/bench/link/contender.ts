/** Everything that a picture can be carried by, in the order of the table. */
export const CONTENDERS = [
  'assured',
  'assured-1',
  'classic',
  'repair',
  'reliable-1k',
  'reliable-64k',
  'ws-1',
  'ws-4',
  'ws-1-used',
] as const

export type ContenderName = (typeof CONTENDERS)[number]

/**
 * What there was before the send. `open`: everything that carries bytes is open; Shoal's pages have sent pictures before,
 * rivals' connections are new and unused (`ws-1-used` says what a used one gives). `first`: fresh pages, all lanes open,
 * nothing sent yet. `cold`: fresh pages, the send as soon as the other side is there.
 */
export type RunState = 'open' | 'first' | 'cold'

export const RUN_STATES: readonly RunState[] = ['open', 'first', 'cold']

/** exact: every byte. incomplete: it ended by itself with holes. deadline: it was ended. failed: it never set out. */
export type Outcome = 'exact' | 'incomplete' | 'deadline' | 'failed'

/** One picture over the link. */
export interface Carried {
  readonly outcome: Outcome
  /** From the press of Send, or the first byte handed over, to exact at the receiver; null unless exact. */
  readonly ms: number | null
  /** The receiver's final report, for Shoal's own. */
  readonly report: Readonly<Record<string, unknown>> | null
  /** From the press to the final report on the receiver's page, as seen from outside; null where there is none. */
  readonly shownMs: number | null
  /** From the press to the first preview in the receiver's page; null where there is none. */
  readonly previewMs: number | null
  /** Lanes open at the press, and wanted. */
  readonly lanes: { readonly open: number; readonly wanted: number | null } | null
}

/** A picture in a file, and what it is to be at the other end. */
export interface Picture {
  readonly path: string
  readonly name: string
  readonly bytes: number
  readonly crc32: number
}

/** A pair of pages that carries one picture after the other. */
export interface Contender {
  /** Makes everything ready; the link is quiet when it is done. */
  readonly prepare: (picture: Picture, state: RunState) => Promise<void>
  /** The send, and what became of it. Called once after `prepare`. */
  readonly carry: (picture: Picture, onSent: () => void) => Promise<Carried>
  readonly close: () => Promise<void>
}

/** A run that has not ended by then is ended. */
export const DEADLINE_MS = 30_000
