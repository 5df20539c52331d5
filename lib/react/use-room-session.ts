'use client'

import { useEffect, useState } from 'react'

import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import type { PathChoice, Role, RoomPurpose, RoomSession } from '@/lib/room/types'

import { DeferredSession } from './deferred-session'

/** This page's one session; closed when the page is left. */
export function useRoomSession(
  role: Role,
  paths: PathChoice,
  purpose: RoomPurpose = 'pictures',
): RoomSession {
  const [session] = useState(
    () => new DeferredSession(role, () => loadSession(role, paths, purpose), PICTURE_MAX_DEFAULT_BYTES),
  )
  useEffect(() => () => session.close(), [session])
  return session
}

async function loadSession(role: Role, paths: PathChoice, purpose: RoomPurpose): Promise<RoomSession> {
  if (role !== 'member') return (await sessionModule()).createRoomSession({ role, paths, purpose })
  const [{ createRoomSession }, { createMemberServices }] = await Promise.all([
    sessionModule(),
    import('@/lib/room/member-services'),
  ])
  return createRoomSession({ role, paths, createServices: createMemberServices })
}

const sessionModule = () => import('@/lib/room/session')

// Under loss each round trip counts: the code is fetched while the page is still being hydrated.
if (typeof window !== 'undefined') sessionModule().catch(() => undefined)
