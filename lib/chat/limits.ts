/** Entries of one room in memory; past it the oldest go. */
export const ENTRIES_MAX = 20_000
/** The same in characters of their bodies. */
export const BODY_CHARS_TOTAL_MAX = 8 * 1024 * 1024
/** Devices whose entries are taken in one room. */
export const AUTHORS_MAX = 256
/** Loads of one device's pages, and its private ways. */
export const STREAMS_PER_AUTHOR_MAX = 256
/** Entries of one stream that wait for one before them. */
export const HELD_PER_STREAM_MAX = 64
/** How far in the future an entry is taken to be, at most: clocks of phones are minutes wrong, not days. */
export const FUTURE_MAX_MS = 10 * 60_000
/** Several entries in one text, UTF-16 units of three bytes at most: below what pages can tell each other at once. */
export const TEXT_TO_PEER_MAX_CHARS = 6000
/** The longest entry as it travels: 4 000 characters of four bytes each, quoted, with its signature. */
export const ENTRY_MAX_CHARS = 16_000
/** New entries taken from one peer: what people write, and what someone missed. */
export const ENTRIES_PER_SECOND = 50
export const ENTRIES_BURST = 500
/** Texts read of one peer. */
export const TEXTS_PER_SECOND = 100
export const TEXTS_BURST = 600
/** What is sent to one peer in answer to one telling of what it has. */
export const ANSWER_ENTRIES_MAX = 60
export const ANSWER_CHARS_MAX = 48_000
/** The same in the long run, characters: a page that asks without end fills nobody's way. */
export const ANSWER_CHARS_PER_SECOND = 128 * 1024
export const ANSWER_CHARS_BURST = 512 * 1024
/** What a peer that sent something hears of it soon; the others hear later, all at once. */
export const ACK_AFTER_MS = 50
export const GOSSIP_AFTER_MS = 1000
/** What another member wrote is passed on when it should have come by its own way. */
export const FORWARD_AFTER_MS = 1500
export const RETRY_MIN_MS = 1000
export const RETRY_MAX_MS = 30_000
/** A beginning that nobody has any more is given up after this long. */
export const FLOOR_WAIT_MS = 5000
/** The same while somebody here seems to have it: twice the longest pause before it is sent again. */
export const FLOOR_DOUBTED_MS = 60_000
/** Entries sent in answer to one peer: less than what it takes, so that nothing is sent in vain. */
export const ANSWER_ENTRIES_PER_SECOND = 40
export const ANSWER_ENTRIES_BURST = 400
/** A text is there and answered by then, on most ways. */
export const ON_ITS_WAY_MS = 700
/** Streams that one peer may say it has. */
export const MARKS_PER_PEER_MAX = 8192
/** Who was just sent some of a stream is at it: others do not send it the same. */
export const SERVED_MS = 3000
/** Streams that were given up for want of room; they are not taken again. */
export const RETIRED_MAX = 4096
/** Whoever has not pressed a key for so long has stopped typing. */
export const TYPING_SHOWN_MS = 6000
export const TYPING_EVERY_MS = 3000
