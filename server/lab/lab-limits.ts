/** Everything that bounds what the lab can be made to hold or do. docs/lab.md lists the defaults. */
export interface LabLimits {
  readonly sockets: number
  readonly socketsPerAddress: number
  /** Larger messages close their socket with 1009. */
  readonly messageBytes: number
  readonly messagesPerSecond: number
  readonly messageBurst: number
  readonly paths: number
  readonly pathsPerSocket: number
  readonly pathMaxAgeMs: number
  readonly connectionsPerPath: number
  /** Into one path, both ends together; what is more is dropped and counted. */
  readonly packetsPerSecond: number
  readonly packetBurst: number
  /** Larger datagrams are dropped: WebRTC sends none above a path's MTU. */
  readonly packetBytes: number
  /** Under way in one path, both ways, and in all of them together. */
  readonly inFlightBytes: number
  readonly inFlightBytesTotal: number
}

const MEBIBYTE = 1024 * 1024

export const DEFAULT_LAB_LIMITS: LabLimits = {
  sockets: 64,
  socketsPerAddress: 16,
  messageBytes: 16 * 1024,
  // Counters of some paths, several times a second.
  messagesPerSecond: 100,
  messageBurst: 200,
  paths: 128,
  pathsPerSocket: 32,
  pathMaxAgeMs: 3_600_000,
  // Two pages have 32 lanes at most, and open lost ones again.
  connectionsPerPath: 256,
  // 400 Mbit/s of full packets: more than this process can carry.
  packetsPerSecond: 40_000,
  packetBurst: 20_000,
  packetBytes: 2048,
  // 10 s at 12 Mbit/s, or a second of satellite at 120.
  inFlightBytes: 16 * MEBIBYTE,
  inFlightBytesTotal: 256 * MEBIBYTE,
}
