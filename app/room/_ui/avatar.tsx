import { initialsOf, memberHue } from '@/lib/react/member-colour'
import type { Presence } from '@/lib/react/member-words'

/** The classes of an element in a member's colour; a style of its own would be refused by the content policy. */
export function memberClass(identity: string): string {
  return `member hue-${memberHue(identity)}`
}

const DOTS: Readonly<Record<Presence, string>> = {
  here: 'bg-accent',
  connecting: 'bg-line-strong animate-pulse',
  away: 'bg-warn',
  unreachable: 'bg-danger',
}

/** A member's sign: initials in its colour, with a dot for its presence; the words for it stand beside. */
export function Avatar({
  name,
  identity,
  presence,
  small = false,
}: {
  name: string
  /** Its device, else its place. */
  identity: string
  presence?: Presence
  small?: boolean
}) {
  return (
    <span
      aria-hidden="true"
      className={`${memberClass(identity)} relative flex shrink-0 items-center justify-center rounded-full bg-member-soft font-semibold text-member select-none ${
        small ? 'size-8 text-xs' : 'size-11 text-sm'
      }`}
    >
      {initialsOf(name)}
      {presence && (
        <span
          className={`absolute -right-0.5 -bottom-0.5 size-3.5 rounded-full border-2 border-surface ${DOTS[presence]}`}
        />
      )}
    </span>
  )
}
