'use client'

import { memo } from 'react'
import { encode } from 'uqr'

/** Modules of white around the code, as ISO 18004 asks for. */
const QUIET_ZONE_MODULES = 4

/** A QR code in black on white in both themes: inverted codes are not read by every phone. */
export const QrCode = memo(function QrCode({ text }: { text: string | null }) {
  const code = text ? encode(text, { ecc: 'M', border: QUIET_ZONE_MODULES }) : null
  if (!code)
    return <div className="mx-auto aspect-square w-full max-w-64 animate-pulse rounded-2xl bg-sunken" />
  return (
    <svg
      role="img"
      aria-label={`QR code of ${text ?? ''}`}
      viewBox={`0 0 ${code.size} ${code.size}`}
      shapeRendering="crispEdges"
      className="mx-auto aspect-square w-full max-w-64 rounded-2xl border border-line bg-white"
    >
      <path d={darkModules(code.data)} fill="#000" />
    </svg>
  )
})

function darkModules(rows: readonly (readonly boolean[])[]): string {
  return rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
}
