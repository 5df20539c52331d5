import Link from 'next/link'

import { buttonClass } from './_ui/button'

export default function NotFound() {
  return (
    <main id="content" className="mx-auto flex w-full max-w-xl flex-col items-start px-4 py-16 sm:px-6">
      <h1 className="text-4xl font-bold tracking-tight">Nothing swims here</h1>
      <p className="mt-3 text-lg text-muted">
        This page does not exist. An invitation looks like{' '}
        <span className="font-mono text-base">/send?room=K7QM3-XTR9B</span>.
      </p>
      <div className="mt-8 flex flex-wrap gap-3">
        <Link href="/" className={buttonClass('primary')}>
          To the start
        </Link>
        <Link href="/send" className={buttonClass('secondary')}>
          Type a code
        </Link>
      </div>
    </main>
  )
}
