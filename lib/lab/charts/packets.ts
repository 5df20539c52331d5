import { percentile } from '../statistics'
import type { TracedPacket } from '../traces'

import type { ChartTable } from './chart'
import { amount, duration, NOTHING, percent } from './words'

export const PACKET_KINDS = ['arrived', 'late', 'repair', 'lost', 'lostRepair'] as const
export type PacketKind = (typeof PACKET_KINDS)[number]

/** A packet and which one it is, from 1. */
export interface NumberedPacket {
  readonly packet: TracedPacket
  readonly number: number
}

const SLICES = 12

/** The packets by what became of them. */
export function packetsByKind(packets: readonly TracedPacket[]): ReadonlyMap<PacketKind, NumberedPacket[]> {
  const kinds = new Map<PacketKind, NumberedPacket[]>()
  packets.forEach((packet, i) => {
    const kind = kindOf(packet)
    const those = kinds.get(kind)
    if (those) those.push({ packet, number: i + 1 })
    else kinds.set(kind, [{ packet, number: i + 1 }])
  })
  return kinds
}

function kindOf({ arrivedMs, repair, late }: TracedPacket): PacketKind {
  if (arrivedMs === null) return repair ? 'lostRepair' : 'lost'
  if (repair) return 'repair'
  return late ? 'late' : 'arrived'
}

/** Milliseconds; NaN of a packet that was lost. */
export function underWayMs({ sentMs, arrivedMs }: TracedPacket): number {
  return arrivedMs === null ? NaN : arrivedMs - sentMs
}

/** For a person who points at one. */
export function packetWord({ packet, number }: NumberedPacket): string {
  const { sentMs, arrivedMs, repair, late } = packet
  const end =
    arrivedMs === null
      ? 'lost'
      : `arrived at ${duration(arrivedMs)}, ${duration(underWayMs(packet))} under way${late ? ', late' : ''}`
  return `Packet ${amount(number)}${repair ? ', a repair' : ''}\nsent at ${duration(sentMs)}\n${end}`
}

export function packetsFinding(packets: readonly TracedPacket[]): string {
  const lost = packets.filter(({ arrivedMs }) => arrivedMs === null).length
  const late = packets.filter((packet) => packet.late).length
  const repairs = packets.filter(({ repair }) => repair).length
  return `Of ${amount(packets.length)} packets ${amount(lost)} were lost (${percent(lost / packets.length)}) and ${amount(late)} came late; ${amount(repairs)} were repairs.`
}

/** What became of them, by the time at which they were sent. */
export function packetsTable(packets: readonly TracedPacket[], title: string, untilMs: number): ChartTable {
  return {
    caption: `${title}. By the time at which they were sent.`,
    columns: ['Sent', 'Packets', 'Lost', 'Late', 'Repairs', 'Median time under way', 'The longest'],
    rows: Array.from({ length: SLICES }, (_, i) => {
      const [from, to] = [(untilMs * i) / SLICES, (untilMs * (i + 1)) / SLICES]
      const own = packets.filter(
        ({ sentMs }) => sentMs >= from && (sentMs < to || (i === SLICES - 1 && sentMs <= to)),
      )
      const travels = own.map(underWayMs).filter(Number.isFinite)
      return {
        head: `${duration(from)} to ${duration(to)}`,
        cells: [
          amount(own.length),
          amount(own.filter(({ arrivedMs }) => arrivedMs === null).length),
          amount(own.filter(({ late }) => late).length),
          amount(own.filter(({ repair }) => repair).length),
          travels.length > 0 ? duration(percentile(travels, 0.5)) : NOTHING,
          travels.length > 0 ? duration(percentile(travels, 1)) : NOTHING,
        ],
      }
    }),
  }
}
