'use client'

import { Wifi } from 'lucide-react'

import { isLoopbackOrigin } from '@/lib/react/invitation'
import { usePageOrigin } from '@/lib/react/use-page-origin'

/** Where other devices find this page; only this computer can open localhost. */
export function NetworkHint() {
  const origin = usePageOrigin()
  return (
    <p className="mt-10 flex gap-3 text-base text-muted">
      <Wifi aria-hidden="true" className="mt-0.5 size-5 shrink-0" />
      {isLoopbackOrigin(origin)
        ? 'This page is open at an address that only this computer can reach. “Receive on this screen” shows the one for your phone.'
        : 'Everything stays on your own network: the server only introduces the two browsers, no picture passes through it.'}
    </p>
  )
}
