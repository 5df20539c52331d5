import type { ComponentProps } from 'react'

type Variant = 'primary' | 'secondary' | 'quiet' | 'danger'

const BASE =
  'inline-flex min-h-12 select-none items-center justify-center gap-2 rounded-2xl px-5 text-base font-semibold disabled:cursor-not-allowed aria-disabled:cursor-not-allowed [&_svg]:size-5 [&_svg]:shrink-0'

const VARIANTS: Readonly<Record<Variant, string>> = {
  primary:
    'bg-accent text-on-accent hover:bg-accent-strong disabled:bg-sunken disabled:text-muted disabled:hover:bg-sunken',
  secondary:
    'border border-line bg-surface text-ink hover:bg-sunken disabled:text-muted aria-disabled:text-muted aria-disabled:hover:bg-surface',
  quiet: 'text-muted hover:bg-sunken hover:text-ink disabled:text-muted disabled:hover:bg-transparent',
  danger: 'border border-line bg-surface text-danger hover:bg-danger-soft',
}

/** The classes of a button, for links that act like one. */
export function buttonClass(variant: Variant = 'secondary', extra = ''): string {
  return `${BASE} ${VARIANTS[variant]} ${extra}`
}

/** A button of at least 48 by 48 pixels; `type="button"` unless told otherwise. */
export function Button({
  variant = 'secondary',
  className = '',
  type = 'button',
  ...rest
}: ComponentProps<'button'> & { variant?: Variant }) {
  return <button type={type} className={buttonClass(variant, className)} {...rest} />
}
