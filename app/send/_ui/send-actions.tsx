'use client'

import { Send } from 'lucide-react'
import { useEffect, useRef } from 'react'

import { Button } from '../../_ui/button'

/** Send, cancel, and what comes next. After a pick the focus is on Send, so Enter sends; Escape takes a waiting press back. */
export function SendActions({
  canSend,
  sent,
  sending,
  canCancel,
  count,
  pickId,
  onSend,
  onCancel,
  onAnother,
}: {
  canSend: boolean
  /** The picked picture is under way or has been sent. */
  sent: boolean
  /** Its packets are moving. */
  sending: boolean
  canCancel: boolean
  /** Pictures that one press sends, one after the other. */
  count: number
  /** Changes with each picked file; 0 while there is none. */
  pickId: number
  onSend: (startedAtMs: number) => void
  onCancel: () => void
  onAnother: () => void
}) {
  const send = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (pickId > 0) send.current?.focus({ preventScroll: true })
  }, [pickId])
  const first = count > 1 ? `Send ${count} pictures` : 'Send'
  const label = !sent ? first : sending ? 'Sending…' : 'Send again'
  return (
    <div className="mt-1 flex gap-2">
      {sent && !sending && (
        <Button variant="primary" className="flex-1" onClick={onAnother}>
          Send another
        </Button>
      )}
      <Button
        ref={send}
        data-testid="send"
        variant={sent ? 'secondary' : 'primary'}
        className="flex-1"
        disabled={!canSend}
        onClick={() => onSend(Date.now())}
      >
        {!sent && <Send aria-hidden="true" />}
        {label}
      </Button>
      <Button
        data-testid="cancel"
        variant="danger"
        className="disabled:hidden"
        disabled={!canCancel}
        // The second half of a double click on Send may land here.
        onClick={(event) => event.detail < 2 && onCancel()}
      >
        Cancel
      </Button>
    </div>
  )
}
