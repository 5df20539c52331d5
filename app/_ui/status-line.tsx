import type { PageState, PageStatus } from '@/lib/react/page-status'

// Nothing pulses while packets move: sixty frames a second are a third of what two cores then have to do
// (docs/measurements.md), and the figures show well enough that something happens.
const DOTS: Readonly<Record<PageState, string>> = {
  idle: 'bg-line-strong',
  connecting: 'bg-line-strong animate-pulse',
  ready: 'bg-accent',
  sending: 'bg-accent',
  receiving: 'bg-accent',
  repairing: 'bg-warn',
  done: 'bg-accent',
  incomplete: 'bg-warn',
  failed: 'bg-danger',
  cancelled: 'bg-line-strong',
}

/** The page's one live region: it speaks when the state changes, and never while figures run. */
export function StatusLine({ status, small = false }: { status: PageStatus; small?: boolean }) {
  return (
    <p
      role="status"
      aria-live="polite"
      data-testid="status"
      data-state={status.state}
      data-error={status.errorCode ?? undefined}
      className={`flex min-w-0 items-center ${small ? 'gap-1.5 text-sm text-muted' : 'min-h-11 gap-3 font-medium'}`}
    >
      <span
        aria-hidden="true"
        className={`${small ? 'size-2' : 'size-2.5'} shrink-0 rounded-full ${DOTS[status.state]}`}
      />
      <span className={`min-w-0 ${small ? 'truncate' : '[overflow-wrap:anywhere] max-lg:line-clamp-3'}`}>
        {status.text}
      </span>
    </p>
  )
}
