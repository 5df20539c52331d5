import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import { Decoder, Encoder, initSync } from 'raptorq/raptorq.js'

import { raptorqCode as codeOf } from '@/lib/lab/raptorq-code'
import type { SimCode } from '@/lib/sim/peer'

let ready = false

/** The erasure code for simulations in Node. */
export function raptorqCode(): SimCode {
  if (!ready) initSync(readFileSync(createRequire(import.meta.url).resolve('raptorq/raptorq_bg.wasm')))
  ready = true
  return codeOf({ Encoder, Decoder })
}
