/** Version in the first four bits of every packet (SPEC WF1). */
export const PROTOCOL_VERSION = 1

/** Picture bytes in one data packet; the mission's number. */
export const CHUNK_BYTES = 1024

/**
 * The most one packet may weigh. Chrome's SCTP packet has room for 1 156 bytes of message with
 * I-DATA (1 160 without), Firefox's for more: up to here one message is one packet on the wire.
 */
export const PACKET_MAX_BYTES = 1156

/** Largest picture the wire format can address. */
export const PICTURE_MAX_ADDRESSABLE_BYTES = 2 ** 30

/** Largest picture a receiver takes unless told otherwise: fits a phone's memory a few times over. */
export const PICTURE_MAX_DEFAULT_BYTES = 256 * 2 ** 20

/** Pictures one peer may have under way towards us; the next is refused, so memory stays bounded. */
export const INCOMING_ACTIVE_MAX = 8

/** Finished transfers an endpoint remembers, so that a repeated END still finds its answer. */
export const FINISHED_KEPT_MAX = 64

/** UTF-8 bytes of a file name on the wire. */
export const NAME_MAX_BYTES = 255

/** A thumbhash has 5 to 25 bytes. */
export const PLACEHOLDER_MAX_BYTES = 32

/** Parts of a preview: each one more is one more that may be lost, so a preview is small. */
export const PREVIEW_PARTS_MAX = 4

/** Parts of an index: 64 of them tell 10 000 places to begin, one a chunk in a picture of 10 MB. */
export const INDEX_PARTS_MAX = 64

/** First repeat of a preview: above a round trip of 50 ms with the wait for GOT, and in time for PV2 on a LAN. */
export const PREVIEW_RETRY_MIN_MS = 80

/** A preview or an index is repeated this often; who has not said GOT by then has no use for it. */
export const EXTRAS_REPEATS_MAX = 12

/** Assured: a picture that is whole by then needs no index. */
export const INDEX_AFTER_MS = 300

/** GOT waits for the other parts, which left at the same time. */
export const GOT_DELAY_MS = 5

/** Parts of pictures whose MANIFEST has not come, over all pictures of one peer. */
export const EARLY_PARTS_MAX = 32

/** First repeat of an unanswered control packet: above the round trip of nearly every path, below what a person notices. */
export const CONTROL_RETRY_MIN_MS = 150

/** Repeats slow down to this, so that a dead path is not flooded and a living one is not left waiting. */
export const CONTROL_RETRY_MAX_MS = 1000

/** How often the receiver tells the sender its counts while data comes: ten times a second reads as live. */
export const REPORT_INTERVAL_MS = 100

/** Silence after END before asking for repair: longer than reordering on a LAN, far below a retransmission timeout. */
export const REPAIR_QUIET_MS = 25

/** The same when the last packet of the round is here: only reordering can still bring one that was sent before it. */
export const REPAIR_QUIET_LAST_MS = 8

/** How long the sender keeps a round open for the parts of a request that are still on their way. */
export const REPAIR_PARTS_WAIT_MS = 50

/** Packets one repair request may be split into: 16 parts name at least 4 000 separate holes. */
export const REPAIR_PARTS_MAX = 16

/** SPEC FZ2: silence after the sender's final count is known until the count is frozen. */
export const FREEZE_QUIET_MS = 500

/** No sign of the other side for this long ends a transfer; SCTP's own back-off may pause it for many seconds. */
export const PEER_SILENT_MS = 30_000

/**
 * Without any lane for this long a transfer ends: the server takes up to 100 s to notice a dead socket and keeps
 * its place for 60 s more; the rest is for the way back.
 */
export const LANES_LOST_MAX_MS = 180_000

/** A timer that is this late did not run late, it slept: the lid was closed, or the page was frozen. */
export const SLEPT_MIN_MS = 5000

/** CANCEL is repeated this often before we stop waiting for its acknowledgement. */
export const CANCEL_REPEATS_MAX = 8

/** CANCEL packets under repetition at once: a flood of announcements to be refused must not make us a flood. */
export const CANCELS_PENDING_MAX = 64

/**
 * Bound on packet numbers: transmissions per chunk, on average, before a transfer is given up. At 60 %
 * loss a chunk needs 2.5 on average; the receiver's record of seen numbers stays under 1 % of the picture.
 */
export const TRANSMISSIONS_PER_CHUNK_MAX = 64
/** Added to the bound, so that a picture of a few chunks may be tried often. */
export const TRANSMISSIONS_EXTRA_MAX = 1024
