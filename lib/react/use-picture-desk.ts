'use client'

import { useEffect, useState } from 'react'

import type { PreparePicture } from '@/lib/image/prepare'
import { DEFAULT_SETTINGS, ORIGINAL_SETTINGS } from '@/lib/image/settings'
import type { RoomSession } from '@/lib/room/types'

import { PictureDesk } from './picture-desk'
import type { DeskState } from './picture-desk'
import { useStoreInSlices } from './use-store'

/**
 * The page's one picture desk; `compress` false starts with the original untouched. Once `connected`, the code
 * that compresses is fetched, so that a server lost later cannot stop it.
 */
export function usePictureDesk(
  session: RoomSession,
  { compress, connected }: { compress: boolean; connected: boolean },
): { desk: PictureDesk; picked: DeskState } {
  const [desk] = useState(
    () =>
      new PictureDesk(
        prepareWhenLoaded,
        compress ? DEFAULT_SETTINGS : ORIGINAL_SETTINGS,
        () => session.getState().maxPictureBytes,
      ),
  )
  useEffect(() => () => desk.close(), [desk])
  useEffect(() => {
    if (!connected) return
    const abort = new AbortController()
    void warmUp(abort.signal)
    return () => abort.abort()
  }, [connected])
  return { desk, picked: useStoreInSlices(desk) }
}

// Not needed before a picture is picked, and not on the server at all.
const prepareWhenLoaded: PreparePicture = async (...args) => {
  const { preparePicture } = await import('@/lib/image/prepare')
  return preparePicture(...args)
}

async function warmUp(signal: AbortSignal): Promise<void> {
  try {
    const [compress] = await Promise.all([import('@/lib/image/compress'), import('@/lib/image/prepare')])
    await compress.warmUp(signal)
  } catch {
    // The server is away; the code is asked for again when a picture is picked.
  }
}
