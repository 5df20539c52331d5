'use client'

import { Button } from './_ui/button'
import { ErrorNotice } from './_ui/notice'
import './globals.css'

/** Stands in when even the frame of the pages fails. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto w-full max-w-xl px-4 py-16">
          <h1 className="mb-6 text-4xl font-bold tracking-tight">That should not have happened</h1>
          <ErrorNotice code="SHOAL_INTERNAL" />
          <Button variant="primary" className="mt-6" onClick={reset}>
            Try again
          </Button>
        </main>
      </body>
    </html>
  )
}
