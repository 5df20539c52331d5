import { iceUsername } from './stun'

export interface UdpAddress {
  readonly address: string
  readonly port: number
}

export type Side = 'a' | 'b'

/** Where a packet goes; or why it goes nowhere: from somebody unknown, or the other end is not known yet. */
export type Routing = { readonly to: UdpAddress } | { readonly problem: 'refused' | 'unpaired' }

interface Connection {
  /** Learned from each end's first check, and never changed. */
  readonly ends: { a: UdpAddress | null; b: UdpAddress | null }
  readonly key: string
  heardMs: number
}

/** ICE gives a path up after half a minute without an answer. */
const IDLE_MS = 60_000

/**
 * The peer connections that cross one path. Each end of a connection is known by its own address, learned from the user
 * name of its checks: so all lanes between two pages share the path's queue, and a lane that is opened anew needs nothing.
 */
export class Connections {
  readonly #max: number
  readonly #byKey = new Map<string, Connection>()
  readonly #byAddress = { a: new Map<string, Connection>(), b: new Map<string, Connection>() }
  #paired = 0

  constructor(max: number) {
    this.#max = max
  }

  /** How many have had both ends. */
  get paired(): number {
    return this.#paired
  }

  /** A packet has come from an address that may take part; `side` says at which end of the path. */
  handlePacket(side: Side, from: UdpAddress, packet: Buffer, now: number): Routing {
    const username = iceUsername(packet)
    const connection = username
      ? this.#learn(
          side,
          from,
          side === 'a' ? [username.from, username.to] : [username.to, username.from],
          now,
        )
      : this.#byAddress[side].get(keyOf(from))
    if (!connection) return { problem: 'refused' }
    connection.heardMs = now
    const to = connection.ends[side === 'a' ? 'b' : 'a']
    return to ? { to } : { problem: 'unpaired' }
  }

  /** Undefined for a stranger who knows the name, and where there are too many. */
  #learn(side: Side, from: UdpAddress, fragments: readonly string[], now: number): Connection | undefined {
    const key = fragments.join(':')
    let connection = this.#byKey.get(key)
    if (!connection) {
      if (this.#byKey.size >= this.#max) this.#forgetIdle(now)
      if (this.#byKey.size >= this.#max) return undefined
      connection = { ends: { a: null, b: null }, key, heardMs: now }
      this.#byKey.set(key, connection)
    }
    const { ends } = connection
    const known = ends[side]
    if (known) return keyOf(known) === keyOf(from) ? connection : undefined
    ends[side] = from
    this.#byAddress[side].set(keyOf(from), connection)
    if (ends.a && ends.b) this.#paired++
    return connection
  }

  #forgetIdle(now: number): void {
    for (const connection of this.#byKey.values()) {
      if (now - connection.heardMs < IDLE_MS) continue
      this.#byKey.delete(connection.key)
      for (const side of ['a', 'b'] as const) {
        const end = connection.ends[side]
        const index = this.#byAddress[side]
        // A later connection may have come from the same address.
        if (end && index.get(keyOf(end)) === connection) index.delete(keyOf(end))
      }
    }
  }
}

function keyOf({ address, port }: UdpAddress): string {
  return `${address}:${port}`
}
