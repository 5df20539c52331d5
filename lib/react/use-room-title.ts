'use client'

import { useEffect } from 'react'

import { documentTitle } from './room-title'

/** Keeps the tab's title; what it was comes back when the page is left. */
export function useRoomTitle(title: string | null, unread: number, mentions: number): void {
  useEffect(() => {
    const before = document.title
    return () => {
      document.title = before
    }
  }, [])
  useEffect(() => {
    document.title = documentTitle({ title, unread, mentions })
  }, [title, unread, mentions])
}
