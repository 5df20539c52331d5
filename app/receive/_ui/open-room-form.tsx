'use client'

import type { ErrorCode } from '@/lib/protocol/errors'
import { rememberName } from '@/lib/react/use-remembered-name'

import { Button, buttonClass } from '../../_ui/button'
import { NameField } from '../../_ui/name-field'
import { ErrorNotice } from '../../_ui/notice'

/** Who receives, and the one button that starts it. */
export function OpenRoomForm({
  invited,
  name,
  errorCode,
  onEnter,
}: {
  invited: string | null
  name: string | null
  errorCode: ErrorCode | null
  onEnter: (name: string) => void
}) {
  return (
    <form
      className="space-y-5 card p-6"
      onSubmit={(event) => {
        event.preventDefault()
        const as = new FormData(event.currentTarget).get('name')
        if (typeof as !== 'string') return
        rememberName(as)
        onEnter(as.trim())
      }}
    >
      <div>
        <h2 className="text-2xl font-bold tracking-tight">Receive on this screen</h2>
        <p className="mt-1 text-muted">
          {invited
            ? 'You join a room that is open already.'
            : 'You get a code, and a QR that a phone can scan.'}
        </p>
      </div>
      {errorCode && (
        <ErrorNotice
          code={errorCode}
          action={
            invited && (
              <a href="/receive" className={buttonClass('secondary', 'mt-3')}>
                Open a new room instead
              </a>
            )
          }
        />
      )}
      <NameField given={name} />
      <Button type="submit" variant="primary" className="w-full">
        {invited ? 'Join the room' : 'Open room'}
      </Button>
    </form>
  )
}
