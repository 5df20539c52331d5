'use client'

import { useCallback, useEffect, useState } from 'react'
import type { RefObject } from 'react'

import { bringsFiles, takeFromDrop, takeFromInput, takeFromPaste } from '@/lib/image/intake'

import type { PictureDesk } from './picture-desk'

/**
 * Brings files to the desk: from the input, dropped anywhere on the page, or pasted. `dragging` while files hang
 * over the page.
 */
export function useFileIntake(
  desk: PictureDesk,
  input: RefObject<HTMLInputElement | null>,
): { dragging: boolean; takeInput: (input: HTMLInputElement) => void } {
  const [dragging, setDragging] = useState(false)

  const takeInput = useCallback(
    (element: HTMLInputElement) => {
      // A dialog that was closed again leaves nothing; what was picked before stays.
      if (element.files?.length) take(desk, takeFromInput(element))
    },
    [desk],
  )

  // Picked before the page was hydrated: that change event was lost.
  useEffect(() => {
    if (input.current) takeInput(input.current)
  }, [input, takeInput])

  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      if (!bringsFiles(event.dataTransfer)) return
      event.preventDefault()
      setDragging(true)
    }
    const onDragLeave = (event: DragEvent) => {
      // Leaving the window names no element that is entered instead.
      if (event.relatedTarget === null) setDragging(false)
    }
    const onDrop = (event: DragEvent) => {
      setDragging(false)
      if (!bringsFiles(event.dataTransfer)) return
      event.preventDefault()
      take(desk, takeFromDrop(event.dataTransfer))
    }
    const onPaste = (event: ClipboardEvent) => {
      const pasted = takeFromPaste(event.clipboardData)
      if (!pasted.ok && (isEditable(event.target) || desk.getState().phase !== 'empty')) return
      take(desk, pasted)
    }
    window.addEventListener('dragover', onDragOver)
    window.addEventListener('dragleave', onDragLeave)
    window.addEventListener('drop', onDrop)
    window.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('dragover', onDragOver)
      window.removeEventListener('dragleave', onDragLeave)
      window.removeEventListener('drop', onDrop)
      window.removeEventListener('paste', onPaste)
    }
  }, [desk])

  return { dragging, takeInput }
}

function take(desk: PictureDesk, intake: ReturnType<typeof takeFromInput>): void {
  if (intake.ok) desk.pick(intake.files)
  else desk.reject(intake.code)
}

function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}
