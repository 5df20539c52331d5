'use client'

import { useEffect, useState } from 'react'

import type { RoomSession } from '@/lib/room/types'
import type { DigestService } from '@/lib/transfer/digest'

import { OwnPictures } from './own-pictures'
import type { PictureDesk } from './picture-desk'
import { RoomOutbox } from './room-outbox'
import type { RoomOutboxState } from './room-outbox'
import { useStore } from './use-store'

/** The page's one outbox for pictures, and the pictures that went out through it. */
export function useRoomOutbox(
  session: RoomSession,
  desk: PictureDesk,
): { outbox: RoomOutbox; state: RoomOutboxState; ownPictures: ReadonlyMap<string, string> } {
  const [own] = useState(() => new OwnPictures())
  const [outbox] = useState(
    () =>
      new RoomOutbox({
        room: session,
        desk,
        digest: async (file) => (await (await digestService()).readFile(file)).sha256,
        onSent: (sha256, picture) => own.add(sha256, picture.file),
      }),
  )
  useEffect(() => outbox.watch(), [outbox])
  useEffect(() => () => own.close(), [own])
  return { outbox, state: useStore(outbox), ownPictures: useStore(own) }
}

let service: Promise<DigestService> | null = null

/** One for the page's life; its worker is started with the first picture. */
function digestService(): Promise<DigestService> {
  service ??= import('@/lib/transfer/digest').then(({ createDigestService }) => createDigestService())
  return service
}
