import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import { ERROR_CATALOGUE } from '@/lib/protocol/errors'
import type { ErrorCode } from '@/lib/protocol/errors'

type Tone = 'info' | 'warn' | 'danger'

const TONES: Readonly<Record<Tone, string>> = {
  info: 'bg-accent-soft text-accent-ink',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
}

const ICONS = { info: Info, warn: TriangleAlert, danger: CircleAlert } as const

/** What happened, and what to do next. The status line announces it; this only shows it. */
export function Notice({
  tone = 'info',
  title,
  children,
  action,
}: {
  tone?: Tone
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  const Icon = ICONS[tone]
  return (
    <div className={`appear flex gap-3 rounded-2xl p-4 ${TONES[tone]}`}>
      <Icon aria-hidden="true" className="mt-0.5 size-5 shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {children && <div className="mt-0.5 text-base text-ink">{children}</div>}
        {action}
      </div>
    </div>
  )
}

/** An error as the catalogue words it. */
export function ErrorNotice({
  code,
  tone = 'danger',
  action,
}: {
  code: ErrorCode
  tone?: Tone
  action?: ReactNode
}) {
  const { message, nextStep } = ERROR_CATALOGUE[code]
  return (
    <Notice tone={tone} title={message} action={action}>
      {nextStep}
    </Notice>
  )
}
