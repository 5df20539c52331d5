'use client'

import { memo } from 'react'

import type { PictureSettings } from '@/lib/image/settings'
import type { TransferMode } from '@/lib/protocol/report'
import type { PeerView } from '@/lib/room/types'

import { CompressionPanel } from '../../_ui/compression-panel'
import { ModeChoice } from '../../_ui/mode-choice'
import { ReceiverChoice } from './receiver-choice'

/** All that one may choose before sending; the defaults are good. */
export const OptionsCard = memo(function OptionsCard({
  settings,
  onSettings,
  mode,
  onMode,
  receivers,
  receiver,
  onReceiver,
}: {
  settings: PictureSettings
  onSettings: (settings: PictureSettings) => void
  mode: TransferMode
  onMode: (mode: TransferMode) => void
  receivers: readonly PeerView[]
  receiver: PeerView | null
  onReceiver: (peerId: string | null) => void
}) {
  return (
    <section aria-labelledby="options" className="space-y-6 card p-5 sm:p-6">
      <h2 id="options" className="sr-only">
        How to send it
      </h2>
      {receivers.length > 1 && (
        <ReceiverChoice receivers={receivers} receiver={receiver} onChange={onReceiver} />
      )}
      <CompressionPanel settings={settings} onChange={onSettings} />
      <ModeChoice mode={mode} onChange={onMode} />
    </section>
  )
})
