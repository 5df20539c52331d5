import Peer from 'simple-peer'

import { type LanePath, pathOf, rttOf } from './candidate-path'
import type { LaneHandlers, LaneOptions, LaneSignal, OpeningLane } from './lane'
import { throughAddress, type UdpAddress, withoutCandidates } from './through'

/** The mission's channel: no order, no retransmission. */
const CHANNEL_CONFIG: RTCDataChannelInit = { ordered: false, maxRetransmits: 0 }

/** Notes travel on a channel of their own, agreed on beforehand: simple-peer knows of one channel only. */
const NOTES_CONFIG: RTCDataChannelInit = { negotiated: true, id: 100 }

/** Notes are few and short; whoever has so many that they pile up is told to wait. */
const NOTES_MAX_BYTES = 1024 * 1024

/** What a lane may use beside the direct path. No server outside is asked unless our own names one. */
export interface LaneRoutes {
  readonly iceServers: readonly RTCIceServer[]
  /** Through a TURN server or not at all: for tests, and for people who hide their addresses from each other. */
  readonly turnOnly: boolean
  /** The lab: packets go to this address and no other. The other end has to say the same of its own. */
  readonly through?: UdpAddress
}

/** The parts of simple-peer 9.11.1 below its stream, which has neither backpressure nor a use for us. */
interface PeerInternals {
  readonly _pc?: RTCPeerConnection
  readonly _channel?: RTCDataChannel | null
}

/**
 * One lane is one simple-peer connection with one channel. The channel is taken from under simple-peer's
 * stream as soon as it exists, so that no message is copied into a stream that nobody reads.
 */
export function openSimplePeerLane(
  options: LaneOptions,
  { iceServers, turnOnly, through }: LaneRoutes = { iceServers: [], turnOnly: false },
): OpeningLane {
  const peer = new Peer({
    initiator: options.initiator,
    trickle: true,
    channelConfig: CHANNEL_CONFIG,
    config: { iceServers: [...iceServers], iceTransportPolicy: turnOnly ? 'relay' : 'all' },
  })
  const internals = peer as unknown as PeerInternals
  // The other end has the same servers as we: where there are none, no end can be behind one.
  return new SimplePeerLane(
    peer,
    internals,
    options,
    iceServers.length > 0 ? internals._pc : undefined,
    through,
  )
}

/**
 * A page's first connection starts the browser's WebRTC, which holds the page's thread for 30 ms and more: best while a
 * server is waited for.
 */
export function warmUpConnections(): void {
  try {
    const connection = new RTCPeerConnection()
    connection.createDataChannel('')
    void connection
      .createOffer()
      .catch(() => undefined)
      .then(() => connection.close())
  } catch {
    // Where none may be made, the lanes that need one say so.
  }
}

class SimplePeerLane implements OpeningLane {
  #path: LanePath = 'direct'
  readonly #peer: Peer.Instance
  readonly #connection: RTCPeerConnection | undefined
  readonly #handlers: LaneHandlers
  /** To be asked what the packets travel by; undefined where the direct path is the only one. */
  readonly #asked: RTCPeerConnection | undefined
  readonly #through: UdpAddress | undefined
  #channel: RTCDataChannel | null = null
  #opened = false
  readonly #notes: RTCDataChannel | null = null
  #closed = false

  constructor(
    peer: Peer.Instance,
    internals: PeerInternals,
    handlers: LaneOptions,
    asked: RTCPeerConnection | undefined,
    through: UdpAddress | undefined,
  ) {
    this.#peer = peer
    this.#connection = internals._pc
    this.#handlers = handlers
    this.#asked = asked
    this.#through = through
    internals._pc?.addEventListener('iceconnectionstatechange', () => {
      if (this.#opened && !this.#closed) handlers.onPath?.()
    })
    peer.on('signal', (signal) => this.#handleOwnSignal(signal))
    peer.on('error', () => this.#handleClose())
    peer.on('close', () => this.#handleClose())
    if (handlers.notes && internals._pc) {
      this.#notes = internals._pc.createDataChannel('notes', NOTES_CONFIG)
      this.#notes.onmessage = (event: MessageEvent<unknown>) => {
        if (typeof event.data === 'string') handlers.onNote(event.data)
      }
    }
    if (internals._channel) this.#take(internals._channel)
    else {
      internals._pc?.addEventListener('datachannel', (event) => {
        // A second channel on one connection is not ours.
        if (this.#channel) event.channel.close()
        else this.#take(event.channel)
      })
    }
  }

  get path(): LanePath {
    return this.#path
  }

  get isOpen(): boolean {
    return this.#opened && this.#channel?.readyState === 'open'
  }

  get isDisconnected(): boolean {
    return this.#connection?.iceConnectionState === 'disconnected'
  }

  get bufferedAmount(): number {
    return this.#channel?.bufferedAmount ?? 0
  }

  send(message: Uint8Array): boolean {
    if (!this.#channel) return false
    try {
      this.#channel.send(message as Uint8Array<ArrayBuffer>)
      return true
    } catch {
      // Chrome throws when its queue is full, every browser when the channel is not open, or no longer.
      return false
    }
  }

  async measureRtt(): Promise<number | null> {
    return this.#connection ? rttOf(this.#connection) : null
  }

  sendNote(note: string): boolean {
    if (this.#notes?.readyState !== 'open' || this.#notes.bufferedAmount > NOTES_MAX_BYTES) return false
    try {
      this.#notes.send(note)
      return true
    } catch {
      return false
    }
  }

  notifyAt(bytes: number): void {
    if (this.#channel) this.#channel.bufferedAmountLowThreshold = bytes
  }

  handleSignal(signal: LaneSignal): void {
    if (this.#closed || this.#peer.destroyed) return
    const heard = this.#through ? throughAddress(signal, this.#through) : [signal]
    try {
      for (const each of heard) this.#peer.signal(each as Peer.SignalData)
    } catch {
      // What the browser can't read of a peer's signal ends this lane, not the page.
      this.close()
    }
  }

  close(): void {
    this.#peer.destroy()
    this.#handleClose()
  }

  #take(channel: RTCDataChannel): void {
    this.#channel = channel
    channel.binaryType = 'arraybuffer'
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.#handlers.onMessage(new Uint8Array(data))
    }
    channel.onbufferedamountlow = () => this.#handlers.onDrained()
    // Chromium hands a channel over as open that may be connecting again a moment later: each opening counts.
    channel.addEventListener('open', () => this.#open())
    if (channel.readyState === 'open') queueMicrotask(() => this.#open())
    channel.addEventListener('close', () => this.#handleClose(), { once: true })
  }

  /** Not before it is known what the packets will travel by: the report counts from the first one. */
  #open(): void {
    const open = (): void => {
      if (this.#closed) return
      this.#opened = true
      this.#handlers.onOpen()
    }
    if (!this.#asked) open()
    else {
      const transport = this.#asked.sctp?.transport.iceTransport
      // Browsers that do not tell stay with what it was when the lane opened.
      transport?.addEventListener('selectedcandidatepairchange', () => void this.#learnPath())
      void this.#learnPath().then(open)
    }
  }

  async #learnPath(): Promise<void> {
    const path = this.#asked && (await pathOf(this.#asked))
    if (!path || path === this.#path) return
    this.#path = path
    if (this.#opened && !this.#closed) this.#handlers.onPath?.()
  }

  #handleOwnSignal(signal: Peer.SignalData): void {
    if (signal.type === 'candidate') {
      const { candidate, sdpMLineIndex, sdpMid } = signal.candidate
      this.#tell({
        type: 'candidate',
        candidate: { candidate, sdpMLineIndex: sdpMLineIndex ?? null, sdpMid: sdpMid ?? null },
      })
    } else if ('sdp' in signal && typeof signal.sdp === 'string') {
      this.#tell({ type: signal.type, sdp: signal.sdp })
    }
  }

  #tell(signal: LaneSignal): void {
    const told = this.#through ? withoutCandidates(signal) : signal
    if (told) this.#handlers.onSignal(told)
  }

  #handleClose(): void {
    if (this.#closed) return
    this.#closed = true
    this.#channel = null
    this.#handlers.onClose()
  }
}
