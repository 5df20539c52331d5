/** One fish of the shoal, looking to the right, in a box of 24 by 12. */
export const FISH_PATH =
  'M23 6C18.2.9 10.8 1.1 6.2 4.8L1.5 1.3C.9.9.2 1.5.5 2.2L2.5 6 .5 9.8c-.3.7.4 1.3 1 .9l4.7-3.5C10.8 10.9 18.2 11.1 23 6Z'

/** The mark: three fish side by side, as the packets travel. */
export function Logo({ className = '' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <g className="fill-on-accent">
        <path d={FISH_PATH} transform="translate(12.5 6.6) scale(.58)" />
        <path d={FISH_PATH} transform="translate(5.5 12.7) scale(.58)" />
        <path d={FISH_PATH} transform="translate(12.5 18.8) scale(.58)" />
      </g>
    </svg>
  )
}
