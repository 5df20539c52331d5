'use client'

import type { ErrorCode } from '@/lib/protocol/errors'
import { rememberName } from '@/lib/react/use-remembered-name'

import { Button } from './button'
import { FIELD, LABEL } from './field'
import { NameField } from './name-field'
import { ErrorNotice } from './notice'

/** Which room, and under which name. */
export function JoinForm({
  room,
  name,
  errorCode,
  hint = 'The code stands on the screen that receives. Its QR brings you here too.',
  onJoin,
}: {
  room: string | null
  name: string | null
  errorCode: ErrorCode | null
  /** Where the code is found. */
  hint?: string
  onJoin: (room: string, name: string) => void
}) {
  return (
    <form
      className="space-y-5 card p-6"
      onSubmit={(event) => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        const as = data.get('name')
        const code = data.get('room')
        if (typeof as !== 'string' || typeof code !== 'string') return
        rememberName(as)
        onJoin(code.trim(), as.trim())
      }}
    >
      <div>
        <h2 className="text-2xl font-bold tracking-tight">Join a room</h2>
        <p className="mt-1 text-muted">{hint}</p>
      </div>
      {errorCode && <ErrorNotice code={errorCode} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <label className="block">
          <span className={LABEL}>Room code</span>
          <input
            name="room"
            defaultValue={room ?? ''}
            aria-invalid={errorCode === 'SHOAL_BAD_CODE' || errorCode === 'SHOAL_ROOM_NOT_FOUND'}
            required
            maxLength={40}
            placeholder="K7QM3-XTR9B"
            autoComplete="off"
            autoCapitalize="characters"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="go"
            className={`${FIELD} font-mono tracking-wider uppercase placeholder:normal-case`}
          />
        </label>
        <NameField given={name} />
      </div>
      <Button type="submit" variant="primary" className="w-full sm:w-auto">
        Join
      </Button>
    </form>
  )
}
