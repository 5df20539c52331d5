'use client'

import { useEffect, useState } from 'react'

import { SecondDevice } from '@/lib/lab/device/second-device'
import type { DeviceState } from '@/lib/lab/device/second-device'
import { useRoomSession } from '@/lib/react/use-room-session'
import { rememberedName } from '@/lib/react/use-remembered-name'
import { useStore, useStoreInSlices } from '@/lib/react/use-store'
import type { PathChoice, RoomState } from '@/lib/room/types'

/** What the two pages tell each other must not share the server with the emulated network. */
export const LAB_PATHS: PathChoice = { relay: 'off', turnOnly: false }

/** While `wanted`, a room is open in which another device can become the lab's receiving end. */
export function useSecondDevice(wanted: boolean): {
  readonly room: RoomState
  readonly device: SecondDevice
  readonly deviceState: DeviceState
} {
  const session = useRoomSession('receiver', LAB_PATHS, 'lab')
  const room = useStoreInSlices(session)
  const [device] = useState(
    () => new SecondDevice({ sendText: (peerId, text) => session.sendText(peerId, text) }),
  )
  const deviceState = useStore(device)
  useEffect(() => {
    if (!wanted) return
    const stopTexts = session.onText((peerId, text) => device.handleText(peerId, text))
    const stopPeers = session.subscribe(() => device.handlePeers(reachable(session.getState())))
    session.open({ name: rememberedName() })
    return () => {
      stopTexts()
      stopPeers()
      device.close()
      session.leave()
    }
  }, [wanted, session, device])
  return { room, device, deviceState }
}

/** Ids of those who can be told something now. */
export function reachable({ peers }: RoomState): readonly string[] {
  return peers.filter(({ link }) => link === 'open').map(({ id }) => id)
}
