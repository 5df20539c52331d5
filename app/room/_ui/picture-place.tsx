'use client'

import { ImageIcon } from 'lucide-react'
import { useMemo } from 'react'

import type { ChatPicture } from '@/lib/chat/types'
import { placeholderUrl } from '@/lib/image/placeholder'

/** Where a picture belongs that is not here: its shape, and a blur of it where one came with the message. */
export function PicturePlace({ picture }: { picture: ChatPicture }) {
  const { placeholder, width, height } = picture
  const blur = useMemo(() => (placeholder === '' ? null : placeholderUrl(placeholder)), [placeholder])
  return (
    <div className="relative overflow-hidden rounded-t-[1.4375rem] bg-sunken">
      {/* An image without a source keeps the shape, as the picture itself will. */}
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" className="block max-h-[50svh] w-full" />
      {blur && <img src={blur} alt="" className="absolute inset-0 size-full object-cover" />}
      {!blur && (
        <ImageIcon
          aria-hidden="true"
          className="absolute top-1/2 left-1/2 size-10 -translate-1/2 text-muted"
        />
      )}
    </div>
  )
}
