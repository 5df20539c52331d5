import { CircleCheck } from 'lucide-react'

import { cancelledHere, transferText } from '@/lib/react/page-status'
import type { TransferView } from '@/lib/transfer/types'

import { ErrorNotice, Notice } from './notice'

/** How a transfer ended, in the words of the status line, with the next step. */
export function Outcome({ transfer }: { transfer: TransferView }) {
  if (transfer.state === 'done') {
    return (
      <p className="mt-4 flex items-center gap-2 text-lg font-semibold text-accent-ink">
        <CircleCheck aria-hidden="true" className="size-6 shrink-0" />
        {transferText(transfer)}
      </p>
    )
  }
  const shownCode = cancelledHere(transfer) ? null : transfer.errorCode
  const code = shownCode ?? (transfer.state === 'incomplete' ? 'SHOAL_INCOMPLETE' : null)
  return (
    <div className="mt-4">
      {code ? (
        <ErrorNotice code={code} tone={transfer.state === 'failed' ? 'danger' : 'warn'} />
      ) : (
        <Notice title={transferText(transfer)} />
      )}
    </div>
  )
}
