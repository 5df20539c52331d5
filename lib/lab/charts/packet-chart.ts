import type { RunResult } from '../results'
import type { RunTrace } from '../traces'

import { axisLook, frame } from './chart'
import type { ChartLook, ChartSpec, SeriesOption } from './chart'
import { seeThrough } from './colour'
import { mark, markOf, pointLook } from './marks'
import type { Mark } from './marks'
import { niceAbove } from './time-scale'
import { PACKET_KINDS, packetsByKind, packetsFinding, packetsTable, packetWord, underWayMs } from './packets'
import type { NumberedPacket, PacketKind } from './packets'
import { axisDuration } from './words'

const MARKS: Readonly<Record<PacketKind, Mark>> = {
  arrived: mark('Arrived', '#0072b2', '#5cb8f2', null, 'circle'),
  late: mark('Arrived late', '#8a6a00', '#e8c547', null, 'triangle'),
  repair: mark('Repair, arrived', '#007a5a', '#2fca9d', null, 'diamond'),
  lost: mark('Lost', '#c22f48', '#ff8490', null, 'cross'),
  lostRepair: mark('Repair, lost', '#c95700', '#f0924a', null, 'plus'),
}

const SIZE_PX = { few: 8, many: 5 } as const
const FEW = 400
/** Of each kind; more of them a screen cannot show apart, and a phone not draw. */
const DRAWN_MAX = 3000

/** Each packet of one run: when it was sent, and how long it was under way; null where none was traced. */
export function packetChart(trace: RunTrace, run: RunResult, network: string): ChartSpec | null {
  const { packets } = trace
  if (packets.length === 0) return null
  const kinds = packetsByKind(packets)
  const present = PACKET_KINDS.filter((kind) => kinds.has(kind))
  const marks = present.map((kind) => MARKS[kind])
  const untilMs = niceAbove(packets.reduce((latest, { sentMs }) => Math.max(latest, sentMs), 1))
  const title = `Packets of one run: ${markOf(run.contender).name} on ${network}, ${run.picture.name}`
  const symbolSize = packets.length > FEW ? SIZE_PX.many : SIZE_PX.few

  const drawnWord = [...kinds.values()].some((those) => those.length > DRAWN_MAX)
    ? ` Of more than ${DRAWN_MAX} of a kind, so many are drawn.`
    : ''

  const series = (look: ChartLook): SeriesOption[] =>
    present.map((kind) => {
      const isLost = kind === 'lost' || kind === 'lostRepair'
      return {
        type: 'scatter',
        name: MARKS[kind].name,
        ...pointLook(MARKS[kind], look),
        symbolSize: isLost ? symbolSize + 2 : symbolSize,
        // What stands out must lie on top of the many that do not.
        z: kind === 'arrived' ? 2 : 3,
        animation: false,
        ...(isLost && { xAxisIndex: 1, yAxisIndex: 1 }),
        data: thinned(kinds.get(kind) ?? []).map((each) => ({
          value: [each.packet.sentMs, isLost ? (kind === 'lost' ? 0 : 1) : underWayMs(each.packet)],
          tooltip: { formatter: () => packetWord(each) },
        })),
      }
    })

  return {
    title,
    finding: packetsFinding(packets),
    reading:
      'Across: when a packet was sent. Up: how long it was under way; a queue that fills makes it climb. Those that were lost are in the strip below. Late: one that was sent after it came before it. Repair: it carries again what another one carried, or an extra symbol that can stand in for any.' +
      drawnWord,
    marks,
    height: 420,
    zoomable: true,
    option: (look) => {
      // Fixed, so that the two charts stand exactly above each other.
      const left = look.narrow ? 62 : 100
      const [right, top] = look.alone ? [48, 88] : [32, 36]
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
          { left, right, top, bottom: bottom + strip + 14, outerBoundsMode: 'none' },
          { left, right, height: strip, bottom, outerBoundsMode: 'none' },
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
            data: look.narrow ? ['lost', 'repair'] : ['lost', 'repair, lost'],
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
                  fillerColor: seeThrough(look.accent, 0.25),
                  handleStyle: { color: look.accent, borderColor: look.accent },
                  moveHandleStyle: { color: look.accent },
                },
              ]),
        ],
        series: series(look),
      }
    },
    table: packetsTable(packets, title, untilMs),
  }
}

/** Evenly, so that no stretch of time goes without. */
function thinned(packets: readonly NumberedPacket[]): readonly NumberedPacket[] {
  if (packets.length <= DRAWN_MAX) return packets
  const step = packets.length / DRAWN_MAX
  return packets.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step))
}
