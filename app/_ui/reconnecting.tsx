import { Notice } from './notice'

/** The signalling server is gone for the moment; the pictures do not need it. */
export function Reconnecting({ busy }: { busy: boolean }) {
  return (
    <Notice tone="warn" title="Reconnecting to the server…">
      {busy
        ? 'Pictures under way go on: they do not pass through the server.'
        : 'Devices that are connected stay connected. New ones can join once the server is back.'}
    </Notice>
  )
}
