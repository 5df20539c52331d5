/** RFC 8489, section 5: what every STUN message has in its bytes 4 to 7. */
const MAGIC_COOKIE = 0x2112a442
const HEADER_BYTES = 20
const BINDING_REQUEST = 0x0001
const USERNAME = 0x0006
/** Two fragments of at most 256 characters (RFC 8839, section 5.4), of the characters that ICE has. */
const ICE_USERNAME = /^([A-Za-z0-9+/]{4,256}):([A-Za-z0-9+/]{4,256})$/

/** Whose connectivity check this is: the fragments of the end that it goes to and of the end that it comes from. */
export interface IceUsername {
  readonly to: string
  readonly from: string
}

/**
 * The user name of an ICE connectivity check (RFC 8445, section 7.1.1), or null for any other packet. It names the
 * connection, so that many can cross one path.
 */
export function iceUsername(packet: Buffer): IceUsername | null {
  if (packet.length < HEADER_BYTES || packet.readUInt16BE(0) !== BINDING_REQUEST) return null
  if (packet.readUInt32BE(4) !== MAGIC_COOKIE) return null
  const end = HEADER_BYTES + packet.readUInt16BE(2)
  if (end > packet.length) return null
  for (let at = HEADER_BYTES; at + 4 <= end;) {
    const type = packet.readUInt16BE(at)
    const length = packet.readUInt16BE(at + 2)
    const valueAt = at + 4
    if (valueAt + length > end) return null
    if (type === USERNAME) {
      const [, to, from] = ICE_USERNAME.exec(packet.toString('latin1', valueAt, valueAt + length)) ?? []
      return to !== undefined && from !== undefined ? { to, from } : null
    }
    // Padded to four bytes.
    at = valueAt + Math.ceil(length / 4) * 4
  }
  return null
}
