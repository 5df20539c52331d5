'use client'

import { useId } from 'react'
import type { ReactNode } from 'react'

/** One of many that may be chosen together: its name, a line on what it is, and what more there is to know. */
export function TickRow({
  title,
  text,
  checked,
  disabled = false,
  onChange,
  children,
}: {
  title: string
  text: ReactNode
  checked: boolean
  disabled?: boolean
  onChange: (checked: boolean) => void
  children?: ReactNode
}) {
  const id = useId()
  return (
    <div className="relative">
      <label className="-mx-3 flex items-start gap-3 rounded-xl px-3 py-2 has-disabled:cursor-not-allowed [&:has(input:enabled)]:hover:bg-sunken">
        <input
          type="checkbox"
          aria-label={title}
          aria-describedby={id}
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
          className="mt-0.5 size-5 shrink-0 accent-accent"
        />
        <span className="min-w-0 flex-1">
          <span className={`font-medium ${disabled ? 'text-muted' : ''}`}>{title}</span>
          <span id={id} className="block text-sm text-muted">
            {text}
          </span>
        </span>
      </label>
      {children && <div className="ml-8">{children}</div>}
    </div>
  )
}
