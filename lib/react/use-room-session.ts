'use client'

import { useEffect, useState } from 'react'

import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import type { Role, RoomSession } from '@/lib/room/types'

import { DeferredSession } from './deferred-session'

/** This page's one session; closed when the page is left. */
export function useRoomSession(role: Role): RoomSession {
  const [session] = useState(() => new DeferredSession(role, loadSession, PICTURE_MAX_DEFAULT_BYTES))
  useEffect(() => () => session.close(), [session])
  return session
}

async function loadSession(role: Role): Promise<RoomSession> {
  const { createRoomSession } = await sessionModule()
  return createRoomSession({ role })
}

const sessionModule = () => import('@/lib/room/session')

// Under loss each round trip counts: the code is fetched while the page is still being hydrated.
if (typeof window !== 'undefined') sessionModule().catch(() => undefined)
