'use client'

import { Smile } from 'lucide-react'
import { useRef } from 'react'

import { EMOJI } from '@/lib/react/emoji'

import { IconButton } from './icon-button'

const PANEL_ID = 'emoji-palette'

/** Sixty signs, without a network; it stays open while several are picked. */
export function EmojiPalette({ onPick }: { onPick: (emoji: string) => void }) {
  const panel = useRef<HTMLDivElement>(null)
  return (
    <>
      <IconButton label="Emoji" popoverTarget={PANEL_ID} className="max-sm:hidden">
        <Smile aria-hidden="true" />
      </IconButton>
      <div
        ref={panel}
        id={PANEL_ID}
        popover="auto"
        role="group"
        aria-label="Emoji"
        className="emoji-palette w-88 max-w-[calc(100vw-1rem)] rounded-2xl border border-line bg-surface p-2 text-ink shadow-card"
      >
        <div className="grid grid-cols-8 gap-0.5">
          {EMOJI.map(([emoji, name]) => (
            <button
              key={emoji}
              type="button"
              aria-label={name}
              title={name}
              className="flex aspect-square items-center justify-center rounded-lg text-2xl leading-none hover:bg-sunken"
              onClick={() => onPick(emoji)}
            >
              {emoji}
            </button>
          ))}
        </div>
      </div>
    </>
  )
}
