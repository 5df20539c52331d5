import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'

import type { LabEnd, LabNetwork, LabPathCounters } from '@/lib/lab/messages'
import { EmulatedDirection } from '@/lib/sim/emulated-direction'
import type { ByteBudget } from '@/lib/sim/emulated-direction'
import { directionSeed } from '@/lib/sim/network-seeds'
import { IP_UDP_HEADER_BYTES } from '@/lib/sim/network-settings'
import { TokenBucket } from '@/lib/signalling/messages'

import { Connections } from './connections'
import type { Side, UdpAddress } from './connections'
import type { LabLimits } from './lab-limits'
import { systemDrops } from './system-drops'
import { EARLY_MAX_MS } from './waker'
import type { Sleeper, Waker } from './waker'

/** What the system may hold for us while the event loop is busy; it takes less where its own bound is lower. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024

export interface LabPathOptions {
  readonly network: LabNetwork
  readonly seed: number
  /** An IPv4 address of this computer, which both sockets are bound to. */
  readonly host: string
  readonly waker: Waker
  /** Whether packets from this address may cross. */
  readonly isNear: (address: string) => boolean
  readonly limits: LabLimits
  readonly budget: ByteBudget
}

interface Crossing {
  readonly packet: Buffer
  readonly to: UdpAddress
}

/**
 * Two UDP sockets and the emulated network between them: what comes to one of them leaves from the other. It stands
 * below DTLS and looks into nothing but the user names of connectivity checks.
 */
export class LabPath implements Sleeper {
  readonly #options: LabPathOptions
  readonly #sockets: Readonly<Record<Side, Socket>>
  readonly #directions: Readonly<Record<Side, EmulatedDirection<Crossing>>>
  readonly #connections: Connections
  readonly #rate: TokenBucket
  readonly #leave: () => void
  readonly #counts = { refused: 0, unpaired: 0, overRate: 0 }
  #closed = false

  /** Rejects with the system's error when it gives no ports. */
  static async open(options: LabPathOptions): Promise<LabPath> {
    const a = newSocket()
    const b = newSocket()
    try {
      for (const socket of [a, b]) {
        const listening = once(socket, 'listening')
        socket.bind({ port: 0, address: options.host, exclusive: true })
        await listening
      }
      return new LabPath(options, { a, b })
    } catch (error) {
      for (const socket of [a, b]) socket.close()
      throw error
    }
  }

  private constructor(options: LabPathOptions, sockets: Readonly<Record<Side, Socket>>) {
    const { network, seed, waker, limits, budget } = options
    this.#options = options
    this.#sockets = sockets
    // By the side where their packets come in.
    this.#directions = {
      a: new EmulatedDirection(network.aToB, directionSeed(seed, 'aToB'), budget),
      b: new EmulatedDirection(network.bToA, directionSeed(seed, 'bToA'), budget),
    }
    this.#connections = new Connections(limits.connectionsPerPath)
    this.#rate = new TokenBucket(limits.packetsPerSecond, limits.packetBurst, waker.now())
    this.#leave = waker.add(this)
    for (const side of ['a', 'b'] as const) {
      sockets[side].on('message', (packet, from) => this.#handlePacket(side, from, packet))
      // What the network says about one datagram ends no path: the packet is lost, as packets are.
      sockets[side].on('error', () => undefined)
      setBuffers(sockets[side])
    }
  }

  /** What the page at each end takes for the other's address. */
  get ends(): Readonly<Record<Side, LabEnd>> {
    const endOf = (side: Side): LabEnd => ({
      address: this.#options.host,
      port: this.#sockets[side].address().port,
    })
    return { a: endOf('a'), b: endOf('b') }
  }

  /** With a seed the chances of both directions begin anew. */
  change(network: LabNetwork, seed?: number): void {
    const seedOf = (direction: 'aToB' | 'bToA') =>
      seed === undefined ? undefined : directionSeed(seed, direction)
    this.#directions.a.change(network.aToB, seedOf('aToB'))
    this.#directions.b.change(network.bToA, seedOf('bToA'))
  }

  counters(): LabPathCounters {
    const { a, b } = this.ends
    return {
      aToB: this.#directions.a.counts,
      bToA: this.#directions.b.counts,
      connections: this.#connections.paired,
      ...this.#counts,
      lostBySystem: systemDrops(this.#options.host, [a.port, b.port]),
    }
  }

  pollTimeout(): number {
    return Math.min(this.#directions.a.pollTimeout(), this.#directions.b.pollTimeout())
  }

  handleTimeout(): void {
    this.#carryOut()
  }

  /** What is under way is lost. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#leave()
    for (const side of ['a', 'b'] as const) {
      this.#directions[side].clear()
      this.#sockets[side].close()
    }
  }

  #handlePacket(side: Side, from: UdpAddress, packet: Buffer): void {
    if (this.#closed) return
    const { waker, isNear, limits } = this.#options
    const now = waker.now()
    if (!this.#rate.take(now)) this.#counts.overRate++
    else if (packet.length > limits.packetBytes || !isNear(from.address)) this.#counts.refused++
    else {
      const { address, port } = from
      const routing = this.#connections.handlePacket(side, { address, port }, packet, now)
      if ('problem' in routing) this.#counts[routing.problem]++
      else {
        const bytes = packet.length + IP_UDP_HEADER_BYTES
        this.#directions[side].handlePacket({ packet, to: routing.to }, bytes, now)
      }
    }
    // Whatever is due goes out as well: a packet that comes is as good as the timer.
    this.#carryOut()
    waker.handleChange(this.pollTimeout())
  }

  #carryOut(): void {
    for (const side of ['a', 'b'] as const) {
      const out = this.#sockets[side === 'a' ? 'b' : 'a']
      for (;;) {
        const crossing = this.#directions[side].pollPacket(this.#options.waker.now(), EARLY_MAX_MS)
        if (!crossing) break
        const { packet, to } = crossing
        out.send(packet, 0, packet.length, to.port, to.address, ignoreOutcome)
      }
    }
  }
}

/** A packet that the system does not take is lost; its counter at the other end says so. */
function ignoreOutcome(): void {
  // Without a callback the socket would emit an error.
}

function newSocket(): Socket {
  return createSocket({
    type: 'udp4',
    // Addresses only: without this each packet would wait for a name's lookup.
    lookup: (hostname, _options, callback) => callback(null, hostname, 4),
  })
}

function setBuffers(socket: Socket): void {
  try {
    socket.setRecvBufferSize(SOCKET_BUFFER_BYTES)
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES)
  } catch {
    // Some systems refuse what is above their bound; theirs it is, then.
  }
}
