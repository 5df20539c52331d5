'use client'

import { useEffect } from 'react'
import type { RefObject } from 'react'

/** Less than this is a toolbar that comes and goes, not a keyboard. */
const KEYBOARD_MIN_PX = 120

/**
 * Keeps an element of the screen's height above the keyboard. Browsers that lay the page out anew do it by themselves;
 * Safari lays the keyboard over the page and says so in its visual viewport alone.
 */
export function useVisibleHeight(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const viewport = window.visualViewport
    if (!viewport) return
    const fit = () => {
      const { current } = element
      if (!current) return
      const covered = window.innerHeight - viewport.height
      const isKeyboard = viewport.scale === 1 && covered > KEYBOARD_MIN_PX
      current.style.height = isKeyboard ? `${viewport.height}px` : ''
      current.style.top = isKeyboard ? `${viewport.offsetTop}px` : ''
    }
    viewport.addEventListener('resize', fit)
    viewport.addEventListener('scroll', fit)
    return () => {
      viewport.removeEventListener('resize', fit)
      viewport.removeEventListener('scroll', fit)
    }
  }, [element])
}
