'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'

/** A place of the header; the one we are at is marked. */
export function NavLink({ href, children }: { href: string; children: string }) {
  const here = usePathname() === href
  return (
    <Link
      href={href}
      // Seven requests while the page joins a room, for places that few go to from there.
      prefetch={false}
      aria-current={here ? 'page' : undefined}
      className={`flex min-h-11 items-center rounded-xl px-3 text-base transition-colors hover:bg-sunken hover:text-ink ${
        here ? 'font-medium text-ink' : 'text-muted'
      }`}
    >
      {children}
    </Link>
  )
}
