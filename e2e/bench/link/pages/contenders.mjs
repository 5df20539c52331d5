/**
 * The contenders that are not Shoal, as they run in their two pages. The bench calls `contenders` by name; nothing here
 * is imported by it. Times are epoch milliseconds.
 */

/** Of a WebSocket message; all of them are handed over at once, as a page would. */
const SOCKET_MESSAGE_BYTES = 64 * 1024

/** What a reliable channel keeps in its buffer: it is kept busy, and never near the 16 MiB where `send` throws. */
const CHANNEL_BUFFER_BYTES = 1024 * 1024

const now = () => performance.timeOrigin + performance.now()

/** @type {Uint8Array<ArrayBuffer>} */
let picture = new Uint8Array()
/** @type {WebSocket[]} */
let sockets = []
/** @type {RTCPeerConnection | null} */
let connection = null
/** @type {RTCDataChannel | null} */
let channel = null
/** @type {Arrival | null} */
let arrival = null

/** Bytes as they come, and when the last of them did. */
class Arrival {
  /** @param {number} bytes */
  constructor(bytes) {
    this.bytes = new Uint8Array(bytes)
    this.missing = bytes
    /** @type {Promise<number>} */
    this.whole = new Promise((resolve) => {
      this.resolve = resolve
    })
  }

  /** @param {ArrayBuffer} data @param {number} at offset of its first byte */
  take(data, at) {
    this.bytes.set(new Uint8Array(data), at)
    this.missing -= data.byteLength
    if (this.missing === 0) this.resolve?.(now())
  }
}

/** @param {string} url */
function openSocket(url) {
  const socket = new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  return new Promise((resolve, reject) => {
    socket.onmessage = () => resolve(socket)
    socket.onclose = () => reject(new Error('the socket was closed'))
  })
}

/** @param {Uint8Array} bytes CRC-32, as zlib has it */
function crc32(bytes) {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

/** @param {number} part @param {number} parts @param {number} bytes where a part of the picture begins */
const startOf = (part, parts, bytes) => Math.floor((bytes * part) / parts)

const contenders = {
  /** @param {string} name */
  async load(name) {
    const response = await fetch(`/pictures/${name}`)
    picture = new Uint8Array(await response.arrayBuffer())
  },

  /** Both ends open their sockets by the same name. @param {string} name @param {number} count */
  async openSockets(name, count) {
    for (const socket of sockets) socket.close()
    const urls = Array.from({ length: count }, (_, i) => `ws://${location.host}/${name}/${i}`)
    sockets = await Promise.all(urls.map(openSocket))
  },

  /** One part of the picture over each socket. @returns {number} when it was begun */
  sendOverSockets() {
    const begunAt = now()
    sockets.forEach((socket, i) => {
      const end = startOf(i + 1, sockets.length, picture.length)
      for (let at = startOf(i, sockets.length, picture.length); at < end; at += SOCKET_MESSAGE_BYTES)
        socket.send(picture.subarray(at, Math.min(end, at + SOCKET_MESSAGE_BYTES)))
    })
    return begunAt
  },

  /** @param {number} bytes */
  expectOverSockets(bytes) {
    const expected = (arrival = new Arrival(bytes))
    sockets.forEach((socket, i) => {
      let at = startOf(i, sockets.length, bytes)
      socket.onmessage = ({ data }) => {
        expected.take(data, at)
        at += data.byteLength
      }
    })
  },

  /** A connection with one reliable, ordered channel. @returns {Promise<string>} its offer */
  async offer() {
    connection?.close()
    connection = new RTCPeerConnection()
    channel = connection.createDataChannel('bench')
    await connection.setLocalDescription()
    return gathered(connection)
  },

  /** @param {string} offer @returns {Promise<string>} the answer */
  async answer(offer) {
    connection?.close()
    connection = new RTCPeerConnection()
    channel = null
    connection.ondatachannel = (event) => {
      channel = event.channel
      channel.binaryType = 'arraybuffer'
    }
    await connection.setRemoteDescription({ type: 'offer', sdp: offer })
    await connection.setLocalDescription()
    return gathered(connection)
  },

  /** @param {string} answer */
  async connect(answer) {
    await connection?.setRemoteDescription({ type: 'answer', sdp: answer })
    if (channel?.readyState !== 'open')
      await new Promise((resolve, reject) => {
        if (!channel) return
        channel.onopen = resolve
        channel.onclose = reject
      })
  },

  channelIsThere: () => channel !== null,

  /** @param {number} messageBytes @returns {number} when it was begun */
  sendOverChannel(messageBytes) {
    const begunAt = now()
    const open = channel
    let at = 0
    const fill = () => {
      while (open && at < picture.length && open.bufferedAmount < CHANNEL_BUFFER_BYTES) {
        open.send(picture.subarray(at, at + messageBytes))
        at += messageBytes
      }
    }
    if (open) {
      open.bufferedAmountLowThreshold = CHANNEL_BUFFER_BYTES / 2
      open.onbufferedamountlow = fill
    }
    fill()
    return begunAt
  },

  /** @param {number} bytes */
  expectOverChannel(bytes) {
    const expected = (arrival = new Arrival(bytes))
    let at = 0
    if (channel)
      channel.onmessage = ({ data }) => {
        expected.take(data, at)
        at += data.byteLength
      }
  },

  /** When the last byte came, and what came. */
  async arrived() {
    const at = await arrival?.whole
    return { at, crc32: crc32(arrival?.bytes ?? new Uint8Array()) }
  },
}

/** @param {RTCPeerConnection} peer */
function gathered(peer) {
  return new Promise((resolve) => {
    const look = () => {
      if (peer.iceGatheringState === 'complete') resolve(peer.localDescription?.sdp ?? '')
    }
    peer.onicegatheringstatechange = look
    look()
  })
}

Object.assign(globalThis, { contenders })
