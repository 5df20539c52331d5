'use client'

import { Button } from './_ui/button'
import { ErrorNotice } from './_ui/notice'

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <main id="content" className="mx-auto w-full max-w-xl px-4 py-16 sm:px-6">
      <h1 className="mb-6 text-4xl font-bold tracking-tight">That should not have happened</h1>
      <ErrorNotice code="SHOAL_INTERNAL" />
      <Button variant="primary" className="mt-6" onClick={reset}>
        Try again
      </Button>
    </main>
  )
}
