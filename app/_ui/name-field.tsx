'use client'

import { useId, useState } from 'react'

import { useRememberedName } from '@/lib/react/use-remembered-name'
import { NAME_MAX_CHARS } from '@/lib/signalling/name'

import { FIELD, LABEL } from './field'

/** The name others see: `given`, else the one remembered on this device, or a friendly default. Submitted as `name`. */
export function NameField({ given }: { given: string | null }) {
  const id = useId()
  const remembered = useRememberedName()
  const [draft, setDraft] = useState(given)
  return (
    <div>
      <label htmlFor={id} className={LABEL}>
        Your name
      </label>
      <input
        id={id}
        name="name"
        value={draft ?? remembered}
        onChange={(event) => setDraft(event.target.value)}
        maxLength={NAME_MAX_CHARS}
        required
        autoComplete="nickname"
        spellCheck={false}
        enterKeyHint="go"
        className={FIELD}
      />
    </div>
  )
}
