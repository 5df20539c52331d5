'use client'

import { ImageOff, X } from 'lucide-react'

import type { Experiment } from '@/lib/lab/experiment'
import type { LabPicture } from '@/lib/lab/pictures'
import { formatBytes } from '@/lib/react/format'

import { Button } from '../../../_ui/button'

/** A picture of the experiment, and whether its file is here. */
export function PictureRow({
  named: { name, bytes },
  picture,
  loading,
  onRemove,
}: {
  named: Experiment['pictures'][number]
  picture: LabPicture | undefined
  loading: boolean
  onRemove: () => void
}) {
  return (
    <li className="flex items-center gap-3">
      <span className="flex size-12 shrink-0 items-center justify-center overflow-hidden rounded-xl bg-sunken">
        {picture ? (
          <img alt="" ref={(image) => shownIn(image, picture.file)} className="size-full object-cover" />
        ) : (
          <ImageOff aria-hidden="true" className="size-5 text-muted" />
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium" title={name}>
          {name}
        </span>
        <span className="block text-sm text-muted figures">
          {formatBytes(bytes)}
          {picture && ` · ${picture.width} × ${picture.height}`}
          {!picture && loading && ' · being loaded'}
        </span>
        {!picture && !loading && (
          <span className="block text-sm font-medium text-warn">
            Not on this page: choose this file below.
          </span>
        )}
      </span>
      <Button variant="quiet" className="-mr-2 px-3" aria-label={`Remove ${name}`} onClick={onRemove}>
        <X aria-hidden="true" />
      </Button>
    </li>
  )
}

function shownIn(image: HTMLImageElement | null, file: Blob): (() => void) | undefined {
  if (!image) return undefined
  const url = URL.createObjectURL(file)
  image.src = url
  return () => URL.revokeObjectURL(url)
}
