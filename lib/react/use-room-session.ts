'use client'

import { useEffect, useState } from 'react'

import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import type { PathChoice, Role, RoomSession, RoomState } from '@/lib/room/types'

import { DeferredSession } from './deferred-session'
import { useStore } from './use-store'

/** This page's one session and its state; closed when the page is left. */
export function useRoomSession(role: Role, paths: PathChoice): { session: RoomSession; room: RoomState } {
  const [session] = useState(
    () => new DeferredSession(role, () => loadSession(role, paths), PICTURE_MAX_DEFAULT_BYTES),
  )
  useEffect(() => () => session.close(), [session])
  return { session, room: useStore(session) }
}

async function loadSession(role: Role, paths: PathChoice): Promise<RoomSession> {
  const { createRoomSession } = await sessionModule()
  return createRoomSession({ role, paths })
}

const sessionModule = () => import('@/lib/room/session')

// Under loss each round trip counts: the code is fetched while the page is still being hydrated.
if (typeof window !== 'undefined') sessionModule().catch(() => undefined)
