'use client'

import type { PeerView } from '@/lib/room/types'

/** Everyone who is connected, or one of them. */
export function ReceiverChoice({
  receivers,
  receiver,
  onChange,
}: {
  receivers: readonly PeerView[]
  receiver: PeerView | null
  onChange: (peerId: string | null) => void
}) {
  return (
    <fieldset>
      <legend className="mb-2 text-base font-medium">To</legend>
      <div className="flex flex-wrap gap-2">
        <Chip checked={receiver === null} onChange={() => onChange(null)} label={`All ${receivers.length}`} />
        {receivers.map((peer) => (
          <Chip
            key={peer.id}
            checked={receiver?.id === peer.id}
            onChange={() => onChange(peer.id)}
            label={peer.name}
          />
        ))}
      </div>
    </fieldset>
  )
}

function Chip({ checked, onChange, label }: { checked: boolean; onChange: () => void; label: string }) {
  return (
    <label
      className={`relative flex min-h-11 min-w-0 items-center rounded-full border px-4 text-base font-medium transition-colors has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent ${
        checked ? 'border-accent bg-accent text-on-accent' : 'border-line-strong hover:bg-sunken'
      }`}
    >
      <input
        type="radio"
        name="receiver"
        checked={checked}
        onChange={onChange}
        className="absolute inset-0 opacity-0"
      />
      <span className="min-w-0 [overflow-wrap:anywhere]">{label}</span>
    </label>
  )
}
