/// <reference lib="webworker" />
import init, { Decoder, Encoder } from 'raptorq'

import { raptorqCode } from '../raptorq-code'
import { simulateRun } from '../sim-contenders'
import type { SimReply, SimRequest } from './sim-bench'

const loading = init().then(() => raptorqCode({ Encoder, Decoder }))

self.onmessage = async ({ data: { plan, experiment } }: MessageEvent<SimRequest>) => {
  let reply: SimReply
  try {
    reply = { result: simulateRun(plan, experiment, await loading) }
  } catch {
    reply = { failed: true }
  }
  self.postMessage(reply)
}
