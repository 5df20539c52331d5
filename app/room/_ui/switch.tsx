'use client'

import { useId } from 'react'

/** On or off, at once, with one sentence on what that means. */
export function Switch({
  testId,
  checked,
  disabled = false,
  onChange,
  title,
  children,
}: {
  testId: string
  checked: boolean
  disabled?: boolean
  onChange: (checked: boolean) => void
  title: string
  children: string
}) {
  const id = useId()
  return (
    <label className="flex items-start gap-3 rounded-xl px-3 py-2 has-disabled:cursor-not-allowed [&:has(input:enabled)]:hover:bg-sunken">
      <span className="min-w-0 flex-1">
        <span className="font-medium">{title}</span>
        <span id={id} className="block text-sm text-muted">
          {children}
        </span>
      </span>
      <span
        className={`relative mt-0.5 h-6 w-10 shrink-0 rounded-full transition-colors has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent ${
          checked ? 'bg-accent' : 'bg-line-strong'
        }`}
      >
        <input
          type="checkbox"
          role="switch"
          data-testid={testId}
          aria-label={title}
          aria-describedby={id}
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
          className="absolute inset-0 size-full opacity-0"
        />
        <span
          aria-hidden="true"
          className={`pointer-events-none absolute top-0.5 size-5 rounded-full bg-surface transition-transform ${
            checked ? 'translate-x-4.5' : 'translate-x-0.5'
          }`}
        />
      </span>
    </label>
  )
}
