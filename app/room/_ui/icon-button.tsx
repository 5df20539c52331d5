import type { ComponentProps, ReactNode } from 'react'

/** A square button with an icon: 44 by 44 pixels, named by its label. */
export function IconButton({
  label,
  className = '',
  children,
  ...rest
}: ComponentProps<'button'> & { label: string; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`relative flex size-11 shrink-0 items-center justify-center rounded-xl text-muted transition-colors hover:bg-sunken hover:text-ink disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-5.5 ${className}`}
      {...rest}
    >
      {children}
    </button>
  )
}
