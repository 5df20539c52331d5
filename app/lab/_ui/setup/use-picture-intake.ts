'use client'

import { useCallback, useEffect, useRef, useState } from 'react'

import { BUILT_IN_PICTURE } from '@/lib/lab/defaults'
import type { Experiment } from '@/lib/lab/experiment'
import { fileOf } from '@/lib/lab/pictures'
import type { LabPicture } from '@/lib/lab/pictures'
import { ShoalError } from '@/lib/protocol/errors'
import type { ErrorCode } from '@/lib/protocol/errors'

import { loadBuiltInPicture, takePicture } from './intake'

export interface PictureLists {
  /** As the experiment has them. */
  readonly named: Experiment['pictures']
  readonly onNamed: (named: Experiment['pictures']) => void
  /** Those whose file is here. */
  readonly pictures: readonly LabPicture[]
  readonly onPictures: (pictures: readonly LabPicture[]) => void
}

export interface Failure {
  readonly name: string
  readonly code: ErrorCode
}

/** Takes files in, and loads the picture that is built in whenever the experiment names it. */
export function usePictureIntake(lists: PictureLists) {
  // Reading a file takes a moment, in which the lists may have changed.
  const latest = useRef(lists)
  useEffect(() => {
    latest.current = lists
  })
  const [isBusy, setBusy] = useState(false)
  const [failures, setFailures] = useState<readonly Failure[]>([])
  const [attempt, setAttempt] = useState(0)

  const add = useCallback((taken: readonly LabPicture[]) => {
    const { named, onNamed, pictures, onPictures } = latest.current
    const others = pictures.filter(({ name }) => !taken.some((picture) => picture.name === name))
    onPictures([...others, ...taken])
    const added = taken.filter((picture) => !named.some(({ name }) => name === picture.name))
    if (added.length > 0) onNamed([...named, ...added.map(({ name, bytes }) => ({ name, bytes }))])
  }, [])

  const isAwaited = lists.named.some(isBuiltIn) && !fileOf(lists.pictures, BUILT_IN_PICTURE)
  useEffect(() => {
    if (!isAwaited) return
    const abort = new AbortController()
    loadBuiltInPicture(abort.signal).then(
      (picture) => add([picture]),
      (error: unknown) => {
        if (abort.signal.aborted) return
        const code = error instanceof ShoalError ? error.code : 'SHOAL_SERVER_UNREACHABLE'
        setFailures([{ name: BUILT_IN_PICTURE.name, code }])
      },
    )
    return () => abort.abort()
  }, [isAwaited, attempt, add])

  const takeFiles = async (files: readonly File[]) => {
    setBusy(true)
    const taken: LabPicture[] = []
    const failed: Failure[] = []
    const { signal } = new AbortController()
    for (const file of files) {
      const { named, pictures } = latest.current
      const result = await takePicture(signal, file, [...named, ...taken], [...pictures, ...taken])
      if (result.ok) taken.push(result.picture)
      else failed.push(result)
    }
    setFailures(failed)
    setBusy(false)
    if (taken.length > 0) add(taken)
  }

  const takeBuiltIn = () => {
    setFailures([])
    setAttempt(attempt + 1)
    const { named, onNamed } = latest.current
    if (named.some(isBuiltIn)) return
    const { name, bytes } = BUILT_IN_PICTURE
    onNamed([...named.filter((each) => each.name !== name), { name, bytes }])
  }

  return { isBusy, failures, takeFiles, takeBuiltIn }
}

export function isBuiltIn({ name, bytes }: Experiment['pictures'][number]): boolean {
  return name === BUILT_IN_PICTURE.name && bytes === BUILT_IN_PICTURE.bytes
}
