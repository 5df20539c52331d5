import type { ReactNode } from 'react'

import type { TransferView } from '@/lib/transfer/types'

/** The status and the actions: at the thumb on a phone, part of the page on a wide screen. */
export function Dock({
  label,
  active,
  children,
}: {
  label: string
  active: TransferView | null
  children: ReactNode
}) {
  return (
    <section
      aria-label={label}
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface/95 px-4 pt-2 pb-[max(0.75rem,env(safe-area-inset-bottom))] backdrop-blur lg:static lg:card lg:px-6 lg:py-4 lg:backdrop-blur-none"
    >
      {active && (
        <progress
          aria-hidden="true"
          className="bar absolute inset-x-0 -top-1 h-1 rounded-none lg:hidden"
          max={active.progress.chunks}
          value={active.progress.chunksHeld}
        />
      )}
      {children}
    </section>
  )
}
