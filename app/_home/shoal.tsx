import { FISH_PATH } from '../_ui/fish'

/** Fish a row; together they make one large fish, as packets make one picture. */
const ROWS = [3, 5, 7, 8, 7, 5, 3] as const
const FISH_GAP = 52
const ROW_GAP = 31
const CENTRE = { x: 232, y: 112 }

/** A shoal on its way, and the one fish that was lost, which Shoal does not hide. */
export function Shoal({ className = '' }: { className?: string }) {
  return (
    <svg viewBox="0 0 480 260" aria-hidden="true" className={className}>
      <g className="fill-accent">
        {ROWS.flatMap((count, row) =>
          Array.from({ length: count }, (_, index) => {
            const x = CENTRE.x + (index - (count - 1) / 2) * FISH_GAP + ((row * 17) % 11) + count * 2.5
            const y = CENTRE.y + (row - 3) * ROW_GAP + ((index * 7 + row * 5) % 9) - 4
            const scale = 1.3 + ((index * 5 + row * 3) % 4) * 0.14
            return (
              <g key={`${row}-${index}`} className="fish" opacity={0.55 + ((index * 3 + row * 7) % 5) * 0.11}>
                <path
                  d={FISH_PATH}
                  transform={`translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale.toFixed(2)})`}
                />
              </g>
            )
          }),
        )}
      </g>
      <g className="fish fill-none stroke-warn">
        <path
          d={FISH_PATH}
          strokeWidth="1.4"
          strokeDasharray="3 2.4"
          transform="translate(10 226) rotate(14) scale(1.5)"
        />
      </g>
    </svg>
  )
}
