'use client'

import { X } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'

import { dayName, timeOfDay } from '@/lib/react/chat-rows'
import { myRooms, RoomListing } from '@/lib/react/my-rooms'
import { useStore } from '@/lib/react/use-store'

import { Button } from '../../_ui/button'

/** The rooms this device was in, newest first; nothing at all while there is none. */
export function MyRooms() {
  const [listing] = useState(() => new RoomListing())
  const rooms = useStore(listing)
  const [nowMs] = useState(() => Date.now())
  if (rooms.length === 0) return null
  return (
    <section aria-labelledby="my-rooms" className="card p-6">
      <h2 id="my-rooms" className="text-2xl font-bold tracking-tight">
        My rooms
      </h2>
      <ul className="-mx-3 mt-3">
        {rooms.map((room) => (
          <li key={room.code} className="flex items-center gap-1">
            <Link
              href={`/room/${room.code}`}
              prefetch={false}
              className="flex min-h-14 min-w-0 flex-1 flex-col justify-center rounded-2xl px-3 py-1.5 hover:bg-sunken"
            >
              <span className="truncate font-medium">{room.title || room.code}</span>
              <span className="text-sm text-muted figures">
                {room.title && <span className="font-mono">{room.code} · </span>}
                {dayName(room.lastVisitMs, nowMs)}, {timeOfDay(room.lastVisitMs)}
              </span>
            </Link>
            <Button
              variant="quiet"
              className="px-3"
              aria-label={`Forget ${room.title || room.code}`}
              onClick={() => void myRooms().forget(room.code)}
            >
              <X aria-hidden="true" />
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
