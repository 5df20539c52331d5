import type { NetworkSettings } from './networks'

export interface NetworkPreset {
  readonly title: string
  readonly settings: NetworkSettings
  /** Which numbers are from where. */
  readonly source: string
  /** The numbers that nobody else has published: ours, to be questioned. */
  readonly assumed: string
}

const CALM = { jitterMs: 0, lossPercent: 0, meanBurst: 1, reorderPercent: 0, reorderByMs: 0 } as const

const WEBPAGETEST = 'WebPageTest, connectivity.ini.sample'

/** Links by name. A round trip in a source is halved here; where its two rates differ, the one downwards counts. */
export const NETWORK_PRESETS = {
  'home-wifi': {
    title: 'Home Wi-Fi',
    settings: { ...CALM, oneWayMs: 1, jitterMs: 3, mbit: 30, queuePackets: 200, lossPercent: 0.1 },
    source: 'Firefox, network monitor, throttling profile "Wi-Fi": 30 Mbit/s, 2 ms.',
    assumed: 'Jitter, queue and 0.1 % loss.',
  },
  'crowded-wifi': {
    title: 'Crowded Wi-Fi',
    settings: {
      ...CALM,
      oneWayMs: 14,
      jitterMs: 30,
      mbit: 5,
      queuePackets: 100,
      lossPercent: 5,
      meanBurst: 3,
    },
    source: `The line behind it: ${WEBPAGETEST}, "Cable": 5 Mbit/s, 28 ms round trip. Loss in spells: the model of Gilbert (1960) and Elliott (1963).`,
    assumed: 'Jitter, queue, 5 % loss, spells of 3 packets.',
  },
  lte: {
    title: '4G, standing',
    settings: { ...CALM, oneWayMs: 35, mbit: 12, queuePackets: 200 },
    source: `${WEBPAGETEST}, "LTE": 12 Mbit/s, 70 ms round trip, no loss.`,
    assumed: 'Queue.',
  },
  '4g-train': {
    title: '4G on a train',
    settings: {
      ...CALM,
      oneWayMs: 85,
      jitterMs: 30,
      mbit: 9,
      queuePackets: 200,
      lossPercent: 2,
      meanBurst: 5,
    },
    source: `${WEBPAGETEST}, "4G": 9 Mbit/s, 170 ms round trip. Loss in spells: the model of Gilbert (1960) and Elliott (1963).`,
    assumed: 'Jitter, queue, 2 % loss, spells of 5 packets; changes of cell are not modelled.',
  },
  '3g': {
    title: '3G',
    settings: { ...CALM, oneWayMs: 150, mbit: 1.6, queuePackets: 100 },
    source: `${WEBPAGETEST}, "3G": 1.6 Mbit/s, 300 ms round trip, no loss.`,
    assumed: 'Queue.',
  },
  'satellite-geo': {
    title: 'Geostationary satellite',
    settings: { ...CALM, oneWayMs: 279, mbit: 10, queuePackets: 500, lossPercent: 0.5 },
    source:
      'RFC 2488, section 2: 279 ms from ground to ground at the edge of the view, so at least 558 ms a round trip.',
    assumed: 'Rate, queue and 0.5 % loss.',
  },
  'satellite-leo': {
    title: 'Low-orbit satellite',
    settings: { ...CALM, oneWayMs: 25, jitterMs: 10, mbit: 50, queuePackets: 300, lossPercent: 1 },
    source: 'RFC 2488, section 2: a few to 80 ms of propagation, changing as satellites move.',
    assumed: 'Delay within that range, jitter, rate, queue and 1 % loss.',
  },
  transatlantic: {
    title: 'Across the Atlantic',
    settings: { ...CALM, oneWayMs: 37.5, mbit: 50, queuePackets: 500, lossPercent: 0.1 },
    source: 'ITU-T G.114, annex A: 5 microseconds a kilometre of optical fibre.',
    assumed: '7 500 km of cable; rate, queue and 0.1 % loss.',
  },
  'one-in-five': {
    title: 'Crowded wireless, one packet in five lost',
    settings: { ...CALM, oneWayMs: 25, mbit: 20, queuePackets: 200, lossPercent: 20 },
    source: 'This project’s founding text: a wireless network that drops one packet in five.',
    assumed: 'Delay, rate and queue: those of npm run bench:link.',
  },
} as const satisfies Readonly<Record<string, NetworkPreset>>

export type PresetName = keyof typeof NETWORK_PRESETS

// A record's own keys, in the order written above.
export const PRESET_NAMES = Object.keys(NETWORK_PRESETS) as [PresetName, ...PresetName[]]
