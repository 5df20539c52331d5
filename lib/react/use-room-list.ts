'use client'

import { useEffect, useState } from 'react'

import type { MyRoom, MyRooms } from '@/lib/room/history/my-rooms'

/** The rooms of this device, newest first, as any tab changes them; null until they are read. */
export function useRoomList(rooms: MyRooms | null): readonly MyRoom[] | null {
  const [list, setList] = useState<readonly MyRoom[] | null>(null)
  useEffect(() => {
    if (rooms === null) return
    let current = true
    const read = () =>
      void rooms.list().then((listed) => {
        if (current) setList(listed)
      })
    read()
    const stop = rooms.subscribe(read)
    return () => {
      current = false
      stop()
    }
  }, [rooms])
  return list
}
