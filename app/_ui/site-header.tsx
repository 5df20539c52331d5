import Link from 'next/link'

import { Logo } from './fish'
import { NavLink } from './nav-link'

/** The same on each page: where one is, and the two places to go. */
export function SiteHeader() {
  return (
    <header className="mx-auto flex w-full max-w-6xl items-center justify-between px-4 py-3 sm:px-6">
      <Link
        href="/"
        // As the places beside it: no requests while the page joins a room.
        prefetch={false}
        className="-ml-1 flex min-h-11 items-center gap-2.5 rounded-xl px-1 font-semibold tracking-tight"
      >
        <Logo className="size-8" />
        {/* Beside three places to go it has no room on the narrowest phones. */}
        <span className="text-lg max-[23rem]:sr-only">Shoal</span>
      </Link>
      <nav aria-label="Main" className="flex items-center gap-1">
        <NavLink href="/room">Rooms</NavLink>
        <NavLink href="/receive">Receive</NavLink>
        <NavLink href="/send">Send</NavLink>
      </nav>
    </header>
  )
}
