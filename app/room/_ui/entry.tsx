'use client'

import { MessagesSquare } from 'lucide-react'
import { useState } from 'react'

import type { ErrorCode } from '@/lib/protocol/errors'
import { cleanTitle, TITLE_MAX_CHARS } from '@/lib/react/room-link'
import type { RoomFacts } from '@/lib/react/room-link'
import { rememberName } from '@/lib/react/use-remembered-name'

import { Button } from '../../_ui/button'
import { FIELD, LABEL } from '../../_ui/field'
import { JoinForm } from '../../_ui/join-form'
import { NameField } from '../../_ui/name-field'
import { MyRooms } from './my-rooms'

/** Before one is in a room: open one, come back to one, or join by its code. */
export function Entry({
  code,
  name,
  errorCode,
  onOpen,
  onJoin,
}: {
  code: string | null
  name: string | null
  errorCode: ErrorCode | null
  onOpen: (name: string, facts: RoomFacts) => void
  onJoin: (code: string, name: string) => void
}) {
  const join = (
    <JoinForm
      key={code}
      room={code}
      name={name}
      errorCode={errorCode}
      hint="A member finds the code under “Members”. The link brings you here too, as verified."
      onJoin={onJoin}
    />
  )
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2 lg:gap-6">
      {code !== null && join}
      <OpenForm name={name} onOpen={onOpen} />
      <div className="grid gap-4 lg:gap-6">
        {code === null && join}
        <MyRooms />
      </div>
    </div>
  )
}

function OpenForm({
  name,
  onOpen,
}: {
  name: string | null
  onOpen: (name: string, facts: RoomFacts) => void
}) {
  const [verifiedOnly, setVerifiedOnly] = useState(false)
  return (
    <form
      className="space-y-5 card p-6"
      onSubmit={(event) => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        const [as, title] = [data.get('name'), data.get('title')]
        if (typeof as !== 'string' || typeof title !== 'string') return
        rememberName(as)
        onOpen(as.trim(), { title: cleanTitle(title), verifiedOnly })
      }}
    >
      <div>
        <h2 className="flex items-center gap-3 text-2xl font-bold tracking-tight">
          <MessagesSquare aria-hidden="true" className="size-7 text-accent" />
          Open a room
        </h2>
        <p className="mt-1 text-muted">Chat and pictures for everyone you give its link.</p>
      </div>
      <label className="block">
        <span className={LABEL}>
          What it is called <span className="font-normal text-muted">(optional)</span>
        </span>
        <input name="title" maxLength={TITLE_MAX_CHARS} autoComplete="off" className={FIELD} />
      </label>
      <NameField given={name} />
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          checked={verifiedOnly}
          onChange={(event) => setVerifiedOnly(event.target.checked)}
          className="mt-0.5 size-6 shrink-0 accent-accent"
        />
        <span>
          <span className="font-medium">Only verified members</span>
          <span className="block text-base text-muted">
            Who comes by the typed code reads and sends nothing until the safety words were compared.
          </span>
        </span>
      </label>
      <Button type="submit" variant="primary" className="w-full">
        Open room
      </Button>
    </form>
  )
}
