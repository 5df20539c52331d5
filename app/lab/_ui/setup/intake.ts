import { inspectPicture } from '@/lib/image/inspect'
import { BUILT_IN_PICTURE } from '@/lib/lab/defaults'
import { pictureLabel } from '@/lib/lab/pictures'
import type { LabPicture } from '@/lib/lab/pictures'
import type { Experiment } from '@/lib/lab/experiment'
import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import { ShoalError } from '@/lib/protocol/errors'
import type { ErrorCode } from '@/lib/protocol/errors'

export type Taken =
  | { readonly ok: true; readonly picture: LabPicture }
  | { readonly ok: false; readonly name: string; readonly code: ErrorCode }

/**
 * A file as a picture of the experiment: one that the experiment names and that is not here yet, else a new one. Rejects
 * when it is aborted.
 */
export async function takePicture(
  signal: AbortSignal,
  file: File,
  named: Experiment['pictures'],
  here: readonly LabPicture[],
): Promise<Taken> {
  const inspection = await inspectPicture(signal, file, PICTURE_MAX_DEFAULT_BYTES)
  if (!inspection.ok) return { ok: false, name: file.name, code: inspection.code }
  const { facts } = inspection
  const isHere = (name: string) => here.some((picture) => picture.name === name)
  const own = pictureLabel(facts.name, [])
  const isAwaited = named.some(({ name, bytes }) => name === own && bytes === file.size && !isHere(name))
  const name = isAwaited
    ? own
    : pictureLabel(
        facts.name,
        named.map((picture) => picture.name),
      )
  const { width, height, type } = facts
  return {
    ok: true,
    picture: { name, bytes: file.size, width, height, file: new File([file], name, { type }) },
  }
}

/** Rejects with SHOAL_SERVER_UNREACHABLE where the server is away. */
export async function loadBuiltInPicture(signal: AbortSignal): Promise<LabPicture> {
  const { name, path } = BUILT_IN_PICTURE
  const response = await fetch(path, { signal })
  if (!response.ok) throw new ShoalError('SHOAL_SERVER_UNREACHABLE')
  const file = new File([await response.blob()], name, { type: 'image/jpeg' })
  const taken = await takePicture(signal, file, [BUILT_IN_PICTURE], [])
  if (!taken.ok) throw new ShoalError(taken.code)
  return taken.picture
}
