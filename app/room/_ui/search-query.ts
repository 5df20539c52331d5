import type { MessageQuery } from '@/lib/react/message-search'

export type RoomQuery = MessageQuery

export const NO_QUERY: RoomQuery = { text: '', author: '', since: '', until: '', picturesOnly: false }
