'use client'

import type { TransferMode } from '@/lib/protocol/report'

import { Segmented } from './segmented'
import type { Segment } from './segmented'

const MODES: readonly Segment<TransferMode>[] = [
  {
    value: 'assured',
    title: 'Assured',
    text: 'Several lanes and spare packets: exact, and fast where many packets are lost.',
  },
  {
    value: 'repair',
    title: 'Repair',
    text: 'One lane; what is lost is sent again, until the picture is exact.',
  },
  {
    value: 'classic',
    title: 'Classic',
    text: 'One pass, nothing is sent twice: see what your network loses.',
  },
]

/** How the picture is carried. */
export function ModeChoice({
  mode,
  onChange,
}: {
  mode: TransferMode
  onChange: (mode: TransferMode) => void
}) {
  return <Segmented legend="Lost packets" segments={MODES} value={mode} onChange={onChange} />
}
