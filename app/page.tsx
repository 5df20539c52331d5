import { ImageDown, ImageUp, MessagesSquare } from 'lucide-react'
import Link from 'next/link'
import type { ComponentType, SVGProps } from 'react'

import { JoinByCode } from './_home/join-by-code'
import { NetworkHint } from './_home/network-hint'
import { Shoal } from './_home/shoal'

export default function HomePage() {
  return (
    <main id="content" className="mx-auto w-full max-w-6xl px-4 pt-6 pb-16 sm:px-6 lg:pt-14">
      <div className="grid items-center gap-8 lg:grid-cols-[7fr_5fr] lg:gap-16">
        <div>
          <h1 className="text-[clamp(2.5rem,8vw,4.25rem)] leading-[1.04] font-bold tracking-[-0.035em]">
            Photos, straight from screen to screen.
          </h1>
          <p className="mt-5 max-w-[34rem] text-lg text-muted sm:text-xl">
            No account, no upload. Your picture swims over your own network in small packets, and both sides
            see exactly what was lost on the way.
          </p>
        </div>
        <Shoal className="mx-auto hidden w-full max-w-md sm:block lg:max-w-none" />
      </div>

      <div className="mt-8 grid gap-4 sm:mt-12 sm:grid-cols-2">
        <Choice href="/receive" icon={ImageDown} title="Receive on this screen" primary>
          Opens a room and shows a code to scan.
        </Choice>
        <Choice href="/send" icon={ImageUp} title="Send from this one">
          Scan or type the code, pick a photo, done.
        </Choice>
        <Link
          href="/room"
          className="group flex items-center gap-5 card rounded-3xl px-6 py-5 transition-colors hover:border-line-strong sm:col-span-2 sm:px-8"
        >
          <MessagesSquare aria-hidden="true" className="size-8 shrink-0 text-accent" />
          <span>
            <span className="block text-lg font-semibold tracking-tight sm:text-xl">
              Open a room for more
            </span>
            <span className="block text-muted">Chat and pictures for everyone who has its link.</span>
          </span>
        </Link>
      </div>

      <JoinByCode />

      <section aria-labelledby="how" className="mt-14 border-t border-line pt-10">
        <h2 id="how" className="text-xl font-semibold tracking-tight">
          How it works
        </h2>
        <ol className="mt-5 grid gap-6 text-muted sm:grid-cols-3 sm:gap-8">
          <Step number={1} title="One screen opens a room">
            A laptop or TV shows a code, a link and a QR.
          </Step>
          <Step number={2} title="The other one joins">
            Point a phone’s camera at the code. Both need the same Wi-Fi or cable.
          </Step>
          <Step number={3} title="The picture swims over">
            In chunks of 1 024 bytes, with a true account of what was lost, and a repair until it is exact.
          </Step>
        </ol>
        <NetworkHint />
        <p className="mt-6 text-muted">
          How well does it do?{' '}
          <Link href="/lab" className="font-semibold text-accent-ink underline underline-offset-4">
            Measure it in the lab
          </Link>
          , on networks that are made bad on purpose.
        </p>
      </section>
    </main>
  )
}

function Choice({
  href,
  icon: Icon,
  title,
  children,
  primary = false,
}: {
  href: string
  icon: ComponentType<SVGProps<SVGSVGElement>>
  title: string
  children: string
  primary?: boolean
}) {
  const look = primary
    ? 'bg-accent text-on-accent hover:bg-accent-strong'
    : 'card text-ink hover:border-line-strong'
  return (
    <Link
      href={href}
      className={`group flex items-center gap-5 rounded-3xl p-6 transition-colors sm:p-8 ${look}`}
    >
      <Icon
        aria-hidden="true"
        className="size-10 shrink-0 transition-transform group-hover:-translate-y-0.5 sm:size-12"
      />
      <span>
        <span className="block text-xl font-semibold tracking-tight sm:text-2xl">{title}</span>
        <span className={`mt-1 block ${primary ? '' : 'text-muted'}`}>{children}</span>
      </span>
    </Link>
  )
}

function Step({ number, title, children }: { number: number; title: string; children: string }) {
  return (
    <li className="flex gap-4">
      <span
        aria-hidden="true"
        className="flex size-8 shrink-0 items-center justify-center rounded-full bg-accent-soft text-base font-semibold text-accent-ink"
      >
        {number}
      </span>
      <div>
        <h3 className="font-semibold text-ink">{title}</h3>
        <p className="mt-0.5">{children}</p>
      </div>
    </li>
  )
}
