import type { ErrorCode } from '@/lib/protocol/errors'

/** For `<input type=file accept>`: endings for desktops, MIME types for phones, which then offer the camera and convert HEIC. */
export const ACCEPT = '.jpg,.jpeg,.png,.webp,image/jpeg,image/png,image/webp'

/**
 * Files in the order they were given: all of them, since whoever drops five pictures expects five to be sent,
 * one after the other. Nothing is left out by name or type; each file gets its own verdict from inspectPicture.
 */
export type Intake =
  | { readonly ok: true; readonly files: readonly [File, ...File[]] }
  | { readonly ok: false; readonly code: ErrorCode }

/** Of the file dialog. Also empties the input, so that picking the same file again is a change again. */
export function takeFromInput(input: HTMLInputElement): Intake {
  const intake = toIntake(Array.from(input.files ?? []))
  input.value = ''
  return intake
}

/** Of a drop. Folders are passed over. Call it inside the event: the browser empties the list afterwards. */
export function takeFromDrop(dropped: Pick<DataTransfer, 'files' | 'items'> | null): Intake {
  return toIntake(filesOf(dropped))
}

/** Of a paste: a copied file or a picture copied from a page or a screenshot. Text is no file: SHOAL_NO_FILE. */
export function takeFromPaste(pasted: Pick<DataTransfer, 'files' | 'items'> | null): Intake {
  return toIntake(filesOf(pasted))
}

/** Whether letting go here would bring files: for the look of a drop zone while something is dragged over it. */
export function bringsFiles(dragged: Pick<DataTransfer, 'types'> | null): boolean {
  return dragged?.types.includes('Files') ?? false
}

/** `items` knows folders from files; `files` is there when `items` is not. */
function filesOf(transfer: Pick<DataTransfer, 'files' | 'items'> | null): File[] {
  if (transfer === null) return []
  const items = Array.from(transfer.items).filter((item) => item.kind === 'file')
  const found = items
    .filter((item) => item.webkitGetAsEntry()?.isDirectory !== true)
    .map((item) => item.getAsFile())
  const files = found.filter((file) => file !== null)
  return items.length > 0 ? files : Array.from(transfer.files)
}

function toIntake(files: readonly File[]): Intake {
  const [first, ...rest] = files
  return first === undefined ? { ok: false, code: 'SHOAL_NO_FILE' } : { ok: true, files: [first, ...rest] }
}
