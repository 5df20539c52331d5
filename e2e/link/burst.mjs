/**
 * Numbered UDP packets from one host to the other, to see what a link does to them.
 *
 * usage: burst.mjs receive PORT                                  prints "ready", then [number, delay in ms] a line
 *        burst.mjs send ADDRESS PORT PACKETS BYTES AT_ONCE       AT_ONCE packets every 4 ms; a packet has 28 bytes more
 */
import { createSocket } from 'node:dgram'

const HEAD_BYTES = 12
const PAUSE_MS = 4

const [role = '', ...args] = process.argv.slice(2)
if (role === 'receive') receive(Number(args[0]))
else {
  const [port = 0, packets = 0, bytes = 0, atOnce = 1] = args.slice(1).map(Number)
  await send(args[0] ?? '', port, { packets, bytes, atOnce })
}

/** @param {number} port */
function receive(port) {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
  socket.on('message', (message) => {
    // Both hosts share the machine's monotonic clock.
    const delayMs = Number(process.hrtime.bigint() - message.readBigInt64BE(4)) / 1e6
    process.stdout.write(`${JSON.stringify([message.readUInt32BE(0), delayMs])}\n`)
  })
  socket.bind(port, () => process.stdout.write('ready\n'))
}

/** @param {string} address @param {number} port @param {{ packets: number, bytes: number, atOnce: number }} what */
async function send(address, port, { packets, bytes, atOnce }) {
  const socket = createSocket('udp4')
  for (let number = 0; number < packets; number++) {
    const message = Buffer.alloc(Math.max(bytes, HEAD_BYTES))
    message.writeUInt32BE(number, 0)
    message.writeBigInt64BE(process.hrtime.bigint(), 4)
    await new Promise((resolve) => socket.send(message, port, address, resolve))
    if (number % atOnce === atOnce - 1) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  socket.close()
}
