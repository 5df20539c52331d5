/** The look of a text field and of the label above it. */
export const FIELD =
  'block min-h-12 w-full rounded-2xl border border-line-strong bg-surface px-4 text-base text-ink placeholder:text-muted disabled:opacity-60'

export const LABEL = 'mb-1.5 block text-base font-medium'
