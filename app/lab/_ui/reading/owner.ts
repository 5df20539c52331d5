import { createContext } from 'react'

/** Whose results are read, where two stand beside each other; null: those of the only one. */
export const Owner = createContext<string | null>(null)
