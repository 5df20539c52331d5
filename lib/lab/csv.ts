import type { LabResults, RunResult } from './results'

const COLUMNS: readonly (readonly [string, (run: RunResult) => string | number | null | undefined])[] = [
  ['contender', (run) => run.contender],
  ['network', (run) => run.network.label],
  ['one_way_ms', (run) => run.network.settings.oneWayMs],
  ['jitter_ms', (run) => run.network.settings.jitterMs],
  ['mbit', (run) => run.network.settings.mbit],
  ['queue_packets', (run) => run.network.settings.queuePackets],
  ['loss_percent', (run) => run.network.settings.lossPercent],
  ['mean_burst', (run) => run.network.settings.meanBurst],
  ['picture', (run) => run.picture.name],
  ['bytes', (run) => run.picture.bytes],
  ['repetition', (run) => run.repetition],
  ['seed', (run) => run.seed],
  ['end', (run) => run.end],
  ['first_packet_ms', (run) => run.times.firstPacket],
  ['first_preview_ms', (run) => run.times.firstPreview],
  ['ssim_90_ms', (run) => run.times.ssim90],
  ['exact_ms', (run) => run.times.exact],
  ['psnr_area_db', (run) => run.area?.psnrDb],
  ['ssim_area', (run) => run.area?.ssim],
  ['packets_sent', (run) => run.packets?.sent],
  ['packets_lost', (run) => run.packets?.lost],
  ['packets_recovered', (run) => run.packets?.recovered],
  ['overhead_ratio', (run) => run.overheadRatio],
  ['goodput_bytes_per_second', (run) => run.goodputBytesPerSecond],
  ['queue_delay_ms_p95', (run) => run.queueDelayMsP95],
  ['long_tasks', (run) => run.longTasks?.count],
  ['link_sent', (run) => run.link?.forth.sent],
  ['link_lost', (run) => run.link?.forth.lost],
  ['clock_bound_ms', (run) => run.clock?.boundMs],
]

/** One line a run (RFC 4180); an empty field is what was not measured or never came. */
export function resultsToCsv({ means, runs }: LabResults): string {
  const header = ['means', ...COLUMNS.map(([name]) => name)]
  const lines = runs.map((run) => [means, ...COLUMNS.map(([, valueOf]) => valueOf(run) ?? '')])
  return [header, ...lines].map((line) => `${line.map(field).join(',')}\r\n`).join('')
}

/** Names come from whoever made the experiment: none begins a spreadsheet's formula. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
