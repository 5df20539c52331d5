import type { RunResult } from '../results'
import { percentile } from '../statistics'
import type { RunTrace, TracedPacket } from '../traces'

import { axisLook, frame } from './chart'
import type { ChartLook, ChartSpec, ChartTable, SeriesOption } from './chart'
import { mark, markOf, pointLook } from './marks'
import type { Mark } from './marks'
import { amount, axisDuration, duration, NOTHING, percent } from './words'

type Kind = 'arrived' | 'late' | 'repair' | 'lost' | 'lostRepair'

const KINDS: Readonly<Record<Kind, Mark>> = {
  arrived: mark('Arrived', '#0072b2', '#5cb8f2', [], 'circle'),
  late: mark('Arrived late', '#8a6a00', '#e8c547', [], 'triangle'),
  repair: mark('Repair, arrived', '#007a5a', '#2fca9d', [], 'diamond'),
  lost: mark('Lost', '#c22f48', '#ff8490', [], 'cross'),
  lostRepair: mark('Repair, lost', '#c95700', '#f0924a', [], 'plus'),
}

const SLICES = 12
const SIZE_PX = { few: 8, many: 5 } as const
const FEW = 400

/** Each packet of one run: when it was sent, and how long it was under way; null where none was traced. */
export function packetChart(trace: RunTrace, run: RunResult, network: string): ChartSpec | null {
  const { packets } = trace
  if (packets.length === 0) return null
  const kinds = new Map<Kind, { readonly packet: TracedPacket; readonly number: number }[]>()
  packets.forEach((packet, i) => {
    const kind = kindOf(packet)
    const those = kinds.get(kind)
    if (those) those.push({ packet, number: i + 1 })
    else kinds.set(kind, [{ packet, number: i + 1 }])
  })
  const present = kindsIn(kinds)
  const marks = present.map(([kind]) => KINDS[kind])
  const untilMs = Math.max(1, ...packets.map(({ sentMs }) => sentMs))
  const title = `Packets of one run: ${markOf(run.contender).name} on ${network}, ${run.picture.name}`
  const symbolSize = packets.length > FEW ? SIZE_PX.many : SIZE_PX.few

  const series = (look: ChartLook): SeriesOption[] =>
    present.map(([kind, those]) => {
      const isLost = kind === 'lost' || kind === 'lostRepair'
      return {
        type: 'scatter',
        name: KINDS[kind].name,
        ...pointLook(KINDS[kind], look),
        symbolSize: isLost ? symbolSize + 2 : symbolSize,
        // What stands out must lie on top of the many that do not.
        z: kind === 'arrived' ? 2 : 3,
        animation: false,
        ...(isLost && { xAxisIndex: 1, yAxisIndex: 1 }),
        data: those.map(({ packet, number }) => ({
          value: [packet.sentMs, isLost ? (kind === 'lost' ? 0 : 1) : underWay(packet)],
          tooltip: { formatter: wordOf(packet, number) },
        })),
      }
    })

  return {
    title,
    finding: findingOf(packets),
    reading:
      'Across: when a packet was sent. Up: how long it was under way; a queue that fills makes it climb. Those that were lost are in the strip below. Late: one that was sent after it came before it. Repair: it carries again what another one carried, or an extra symbol that can stand in for any.',
    marks,
    height: 420,
    zoomable: true,
    option: (look) => {
      const [left, right, top] = look.alone ? [32, 40, 88] : [8, 20, 36]
      const bottom = look.alone ? 110 : 76
      const strip = 44
      const time = {
        ...axisLook(look, ''),
        type: 'value' as const,
        min: 0,
        max: untilMs,
        splitLine: { show: false },
      }
      return {
        ...frame(look, { title, marks }),
        grid: [
          { left, right, top, bottom: bottom + strip + 14 },
          { left, right, height: strip, bottom },
        ],
        xAxis: [
          { ...time, gridIndex: 0, axisLabel: { show: false } },
          {
            ...time,
            gridIndex: 1,
            axisLabel: { color: look.muted, hideOverlap: true, formatter: axisDuration },
          },
        ],
        yAxis: [
          {
            ...axisLook(look, 'Under way'),
            nameTextStyle: { color: look.muted, align: 'left' },
            type: 'value',
            gridIndex: 0,
            min: 0,
            axisLabel: { color: look.muted, formatter: axisDuration },
          },
          {
            ...axisLook(look, ''),
            type: 'category',
            gridIndex: 1,
            data: ['lost', 'repair, lost'],
            axisTick: { show: false },
          },
        ],
        dataZoom: [
          {
            type: 'inside',
            xAxisIndex: [0, 1],
            filterMode: 'none',
            // The wheel alone and a finger alone go on scrolling the page.
            zoomOnMouseWheel: 'ctrl',
            moveOnMouseWheel: false,
            preventDefaultMouseMove: false,
          },
          ...(look.alone
            ? []
            : [
                {
                  type: 'slider' as const,
                  xAxisIndex: [0, 1],
                  filterMode: 'none' as const,
                  bottom: 4,
                  height: 30,
                  handleSize: '120%',
                  brushSelect: false,
                  showDataShadow: false,
                  showDetail: false,
                  borderColor: look.line,
                  backgroundColor: look.sunken,
                  fillerColor: `${look.accent}33`,
                  handleStyle: { color: look.accent, borderColor: look.accent },
                  moveHandleStyle: { color: look.accent },
                },
              ]),
        ],
        series: series(look),
      }
    },
    table: tableOf(packets, title, untilMs),
  }
}

function kindsIn(kinds: ReadonlyMap<Kind, { packet: TracedPacket; number: number }[]>) {
  const order: readonly Kind[] = ['arrived', 'late', 'repair', 'lost', 'lostRepair']
  return order.flatMap((kind) => {
    const those = kinds.get(kind)
    return those ? [[kind, those] as const] : []
  })
}

function kindOf({ arrivedMs, repair, late }: TracedPacket): Kind {
  if (arrivedMs === null) return repair ? 'lostRepair' : 'lost'
  if (repair) return 'repair'
  return late ? 'late' : 'arrived'
}

/** Milliseconds; NaN of a packet that was lost. */
function underWay({ sentMs, arrivedMs }: TracedPacket): number {
  return arrivedMs === null ? NaN : arrivedMs - sentMs
}

function wordOf(packet: TracedPacket, number: number): string {
  const { sentMs, arrivedMs, repair, late } = packet
  const end =
    arrivedMs === null
      ? 'lost'
      : `arrived at ${duration(arrivedMs)}, ${duration(underWay(packet))} under way${late ? ', late' : ''}`
  return `Packet ${amount(number)}${repair ? ', a repair' : ''}\nsent at ${duration(sentMs)}\n${end}`
}

function findingOf(packets: readonly TracedPacket[]): string {
  const lost = packets.filter(({ arrivedMs }) => arrivedMs === null).length
  const late = packets.filter((packet) => packet.late).length
  const repairs = packets.filter(({ repair }) => repair).length
  return `Of ${amount(packets.length)} packets ${amount(lost)} were lost (${percent(lost / packets.length)}) and ${amount(late)} came late; ${amount(repairs)} were repairs.`
}

function tableOf(packets: readonly TracedPacket[], title: string, untilMs: number): ChartTable {
  return {
    caption: `${title}. By the time at which they were sent.`,
    columns: ['Sent', 'Packets', 'Lost', 'Late', 'Repairs', 'Median time under way', 'The longest'],
    rows: Array.from({ length: SLICES }, (_, i) => {
      const [from, to] = [(untilMs * i) / SLICES, (untilMs * (i + 1)) / SLICES]
      const own = packets.filter(
        ({ sentMs }) => sentMs >= from && (sentMs < to || (i === SLICES - 1 && sentMs <= to)),
      )
      const travels = own.map(underWay).filter(Number.isFinite)
      return {
        head: `${duration(from)} to ${duration(to)}`,
        cells: [
          amount(own.length),
          amount(own.filter(({ arrivedMs }) => arrivedMs === null).length),
          amount(own.filter(({ late }) => late).length),
          amount(own.filter(({ repair }) => repair).length),
          travels.length > 0 ? duration(percentile(travels, 0.5)) : NOTHING,
          travels.length > 0 ? duration(Math.max(...travels)) : NOTHING,
        ],
      }
    }),
  }
}
