/**
 * When the peer was last heard at all, shared by its transfers (SPEC EP6): a picture that waits its turn
 * behind another one hears nothing of its own for as long as that one takes.
 */
export interface PeerLiveness {
  lastHeardAt: number
}
