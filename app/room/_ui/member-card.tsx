'use client'

import { Crown, Lock, LockOpen, ShieldAlert, ShieldCheck, UserMinus } from 'lucide-react'
import { useState } from 'react'

import {
  ASSURANCE_WORDS,
  assuranceOf,
  badLinkWords,
  PATH_WORDS,
  PRESENCE_WORDS,
  presenceOf,
} from '@/lib/react/member-words'
import { ERROR_CATALOGUE } from '@/lib/protocol/errors'
import type { MemberView } from '@/lib/room/types'

import { Button } from '../../_ui/button'
import { Avatar } from './avatar'
import { IconButton } from './icon-button'
import { SafetyWords } from './safety-words'

const ICONS = {
  compared: ShieldCheck,
  link: Lock,
  changed: ShieldAlert,
  none: LockOpen,
  unknown: null,
} as const

/** One member: whether it is here, how good the link is, and how sure one may be of it. */
export function MemberCard({
  member,
  onCompare,
  onRemove,
}: {
  member: MemberView
  onCompare: (same: boolean) => void
  /** Null for who may not. */
  onRemove: (() => void) | null
}) {
  const [removing, setRemoving] = useState(false)
  const presence = presenceOf(member)
  const badLink = badLinkWords(member)
  const assurance = assuranceOf(member)
  const Icon = ICONS[assurance]
  return (
    <li data-testid="member" data-presence={presence} className="border-t border-line py-3">
      <div className="flex items-start gap-3">
        <Avatar name={member.name} identity={member.identity ?? member.id} presence={presence} />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 font-semibold">
            <span className="min-w-0 [overflow-wrap:anywhere]">{member.name}</span>
            {member.owner && (
              <span className="flex items-center gap-1 text-sm font-normal text-muted">
                <Crown aria-hidden="true" className="size-3.5" />
                opened this room
              </span>
            )}
          </p>
          <p className="text-sm text-muted figures">
            {PRESENCE_WORDS[presence]}
            {presence === 'here' && member.path && ` · ${PATH_WORDS[member.path]}`}
          </p>
          {badLink && <p className="text-sm text-warn figures">{badLink}</p>}
          {member.problem && <p className="text-sm text-danger">{ERROR_CATALOGUE[member.problem].message}</p>}
          {Icon && (
            <p
              className={`flex items-start gap-1 text-sm ${
                assurance === 'none'
                  ? 'text-warn'
                  : assurance === 'changed'
                    ? 'text-danger'
                    : 'text-accent-ink'
              }`}
            >
              <Icon aria-hidden="true" className="mt-0.75 size-3.5 shrink-0" />
              {ASSURANCE_WORDS[assurance]}
            </p>
          )}
        </div>
        {onRemove && (
          <IconButton
            label={`Remove ${member.name} from the room`}
            aria-expanded={removing}
            className="-mr-2"
            onClick={() => setRemoving(!removing)}
          >
            <UserMinus aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {onRemove && removing && (
        <div className="mt-2 rounded-xl bg-danger-soft p-3">
          <p>
            Take <strong className="[overflow-wrap:anywhere]">{member.name}</strong> out of this room?
          </p>
          <div className="mt-2 flex gap-2">
            <Button
              variant="danger"
              data-testid="remove-member"
              onClick={() => {
                setRemoving(false)
                onRemove()
              }}
            >
              Remove
            </Button>
            <Button variant="quiet" onClick={() => setRemoving(false)}>
              Keep
            </Button>
          </div>
        </div>
      )}
      {member.safety && (
        <SafetyWords name={member.name} safety={member.safety} assurance={assurance} onCompare={onCompare} />
      )}
    </li>
  )
}
