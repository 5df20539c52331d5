import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'

import type { LabEnd } from '@/lib/lab/messages'
import { PERFECT_NETWORK } from '@/lib/sim/network-settings'
import type { NetworkSettings } from '@/lib/sim/network-settings'

/** The same both ways. */
export function network(settings: Partial<NetworkSettings> = {}) {
  return { aToB: { ...PERFECT_NETWORK, ...settings }, bToA: { ...PERFECT_NETWORK, ...settings } }
}

/** A connectivity check of ICE, as far as a path looks into it. */
export function bindingRequest(to: string, from: string): Buffer {
  const name = Buffer.from(`${to}:${from}`, 'latin1')
  const padded = Buffer.alloc(Math.ceil(name.length / 4) * 4)
  name.copy(padded)
  const packet = Buffer.alloc(24)
  packet.writeUInt16BE(0x0001, 0)
  packet.writeUInt16BE(4 + padded.length, 2)
  packet.writeUInt32BE(0x2112a442, 4)
  packet.writeUInt16BE(0x0006, 20)
  packet.writeUInt16BE(name.length, 22)
  return Buffer.concat([packet, padded])
}

/** One end of a connection: a UDP socket that speaks to one end of a path. */
export class UdpEnd {
  readonly received: Buffer[] = []
  #wake: (() => void) | null = null

  private constructor(
    readonly socket: Socket,
    readonly target: LabEnd,
  ) {
    socket.on('message', (packet) => {
      this.received.push(packet)
      this.#wake?.()
    })
  }

  static async open(target: LabEnd): Promise<UdpEnd> {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new UdpEnd(socket, target)
  }

  /** Resolves when the system has taken it. */
  send(packet: Buffer): Promise<void> {
    const { port, address } = this.target
    return new Promise((resolve, reject) =>
      this.socket.send(packet, port, address, (error) => (error ? reject(error) : resolve())),
    )
  }

  async until(isSo: (received: readonly Buffer[]) => boolean): Promise<void> {
    while (!isSo(this.received)) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  close(): void {
    this.socket.close()
  }
}
