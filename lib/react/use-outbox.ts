'use client'

import { useEffect, useState } from 'react'

import type { RoomSession } from '@/lib/room/types'

import { Outbox } from './outbox'
import type { OutboxState } from './outbox'
import type { PictureDesk } from './picture-desk'
import { useStore } from './use-store'

/** The page's one outbox. Escape takes back a press on Send that has not been carried out. */
export function useOutbox(session: RoomSession, desk: PictureDesk): { outbox: Outbox; state: OutboxState } {
  const [outbox] = useState(() => new Outbox(session, desk))
  const state = useStore(outbox)
  const armed = state.armed !== null
  useEffect(() => outbox.watch(), [outbox])
  useEffect(() => {
    if (!armed) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') outbox.disarm()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [armed, outbox])
  return { outbox, state }
}
