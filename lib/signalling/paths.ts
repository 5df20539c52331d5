import { z } from 'zod'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

/** More would only make every connection slower to gather its candidates. */
export const ICE_SERVERS_MAX = 8
const URLS_MAX = 8

/** RFC 7064 and RFC 7065: a scheme, a host, perhaps a port, and for TURN perhaps a transport. */
const STUN_URL = /^stuns?:[a-z0-9.-]+(:\d{1,5})?$/i
const TURN_URL = /^turns?:[a-z0-9.-]+(:\d{1,5})?(\?transport=(udp|tcp))?$/i
const IPV6_URL = /^(stuns?|turns?):\[[0-9a-f:.]+\](:\d{1,5})?(\?transport=(udp|tcp))?$/i

const url = z
  .string()
  .max(300)
  .refine((text) => STUN_URL.test(text) || TURN_URL.test(text) || IPV6_URL.test(text))

/** One entry of RTCConfiguration's `iceServers`. */
export const iceServerSchema = z.object({
  urls: z.union([url, z.array(url).min(1).max(URLS_MAX)]),
  username: z.string().max(512).optional(),
  credential: z.string().max(512).optional(),
})

/** What a member may use to reach the others where no direct path is; told to those who are in a room only. */
export const pathsSchema = z.object({
  iceServers: z.array(iceServerSchema).max(ICE_SERVERS_MAX),
  /** Null where the server relays nothing. */
  relay: z
    .object({
      ticket: z.string().min(1).max(1024),
      /** The largest sealed packet, bytes. */
      packetBytes: z.int().min(1),
    })
    .nullable(),
})

export type IceServer = z.output<typeof iceServerSchema>
export type Paths = z.output<typeof pathsSchema>

export const NO_PATHS: Paths = { iceServers: [], relay: null }

/** Whether one of its addresses is a TURN server's, which needs a name and a credential. */
export function isTurn({ urls }: IceServer): boolean {
  return (typeof urls === 'string' ? [urls] : urls).some((text) => /^turns?:/i.test(text))
}
