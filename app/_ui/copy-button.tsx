'use client'

import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'

import { copyText } from '@/lib/react/copy-text'

import { Button } from './button'

const COPIED_SHOWN_MS = 2500

/** Copies `text` and says whether that worked. */
export function CopyButton({
  text,
  children,
  className = '',
}: {
  text: () => string
  children: string
  className?: string
}) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null)
  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => setOutcome(null), COPIED_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  const label = outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Copying is blocked here' : children
  return (
    <Button
      className={className}
      onClick={async () => setOutcome((await copyText(text())) ? 'copied' : 'failed')}
    >
      {outcome === 'copied' ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      <span aria-live="polite">{label}</span>
    </Button>
  )
}
