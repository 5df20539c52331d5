import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Connections } from './connections'
import { isNear, isOwn, nearAddress, ownAddress } from './near'
import { iceUsername } from './stun'
import { dropsIn } from './system-drops'
import { bindingRequest } from './testing'

const A = { address: '127.0.0.1', port: 1111 }
const A2 = { address: '127.0.0.1', port: 1112 }
const B = { address: '192.168.1.7', port: 2222 }
const STRANGER = { address: '192.168.1.8', port: 3333 }
const data = Buffer.from([20, 1, 2, 3])

describe('the user name of a connectivity check', () => {
  it('names both ends', () => {
    expect(iceUsername(bindingRequest('remote+1', 'loc/2'))).toEqual({ to: 'remote+1', from: 'loc/2' })
  })

  it('is found behind other attributes, padded ones too', () => {
    const request = bindingRequest('aaaa', 'bbbb')
    const other = Buffer.from([0x80, 0x22, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0])
    const packet = Buffer.concat([request.subarray(0, 20), other, request.subarray(20)])
    packet.writeUInt16BE(packet.length - 20, 2)
    expect(iceUsername(packet)).toEqual({ to: 'aaaa', from: 'bbbb' })
  })

  it.each([
    ['an answer', (packet: Buffer) => packet.writeUInt16BE(0x0101, 0)],
    ['another cookie', (packet: Buffer) => packet.writeUInt32BE(1, 4)],
    ['a length past the end', (packet: Buffer) => packet.writeUInt16BE(999, 2)],
    ['an attribute past the end', (packet: Buffer) => packet.writeUInt16BE(999, 22)],
    ['a character that ICE has not', (packet: Buffer) => packet.write('é', 24, 'latin1')],
  ])('is not read from %s', (_, spoil) => {
    const packet = bindingRequest('aaaa', 'bbbb')
    spoil(packet)
    expect(iceUsername(packet)).toBeNull()
  })

  it('is no trap, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, isStun) => {
        const packet = Buffer.from(bytes)
        if (isStun && packet.length >= 8) {
          packet.writeUInt16BE(1, 0)
          packet.writeUInt16BE(Math.max(0, packet.length - 20), 2)
          packet.writeUInt32BE(0x2112a442, 4)
        }
        const name = iceUsername(packet)
        expect(name === null || name.to.length >= 4).toBe(true)
      }),
    )
  })
})

describe('Connections', () => {
  it('learns each end from its check, and carries everything between the two', () => {
    const connections = new Connections(10)
    expect(connections.handlePacket('a', A, bindingRequest('bbbb', 'aaaa'), 0)).toEqual({
      problem: 'unpaired',
    })
    expect(connections.handlePacket('b', B, bindingRequest('aaaa', 'bbbb'), 1)).toEqual({ to: A })
    expect(connections.handlePacket('a', A, bindingRequest('bbbb', 'aaaa'), 2)).toEqual({ to: B })
    expect(connections.handlePacket('a', A, data, 3)).toEqual({ to: B })
    expect(connections.handlePacket('b', B, data, 3)).toEqual({ to: A })
    expect(connections.paired).toBe(1)
  })

  it('refuses who said nothing, and who came later by the same name', () => {
    const connections = new Connections(10)
    connections.handlePacket('a', A, bindingRequest('bbbb', 'aaaa'), 0)
    connections.handlePacket('b', B, bindingRequest('aaaa', 'bbbb'), 0)
    expect(connections.handlePacket('a', STRANGER, data, 1)).toEqual({ problem: 'refused' })
    expect(connections.handlePacket('a', STRANGER, bindingRequest('bbbb', 'aaaa'), 1)).toEqual({
      problem: 'refused',
    })
    expect(connections.handlePacket('b', B, data, 2)).toEqual({ to: A })
    // The address of one end is nobody at the other.
    expect(connections.handlePacket('b', A, data, 2)).toEqual({ problem: 'refused' })
  })

  it('keeps several connections apart', () => {
    const connections = new Connections(10)
    connections.handlePacket('a', A, bindingRequest('bbbb', 'aaaa'), 0)
    connections.handlePacket('b', B, bindingRequest('aaaa', 'bbbb'), 0)
    connections.handlePacket('a', A2, bindingRequest('dddd', 'cccc'), 0)
    connections.handlePacket('b', STRANGER, bindingRequest('cccc', 'dddd'), 0)
    expect(connections.handlePacket('a', A2, data, 1)).toEqual({ to: STRANGER })
    expect(connections.handlePacket('a', A, data, 1)).toEqual({ to: B })
    expect(connections.paired).toBe(2)
  })

  it('has room for so many, and forgets those that are long silent', () => {
    const connections = new Connections(1)
    connections.handlePacket('a', A, bindingRequest('bbbb', 'aaaa'), 0)
    const request = bindingRequest('dddd', 'cccc')
    expect(connections.handlePacket('a', A2, request, 59_000)).toEqual({ problem: 'refused' })
    expect(connections.handlePacket('a', A2, request, 60_000)).toEqual({ problem: 'unpaired' })
    expect(connections.handlePacket('a', A, data, 60_000)).toEqual({ problem: 'refused' })
  })

  it('an address that names another connection belongs to that one', () => {
    const connections = new Connections(10)
    connections.handlePacket('a', A, bindingRequest('bbbb', 'aaaa'), 0)
    connections.handlePacket('b', B, bindingRequest('aaaa', 'bbbb'), 0)
    connections.handlePacket('a', A, bindingRequest('dddd', 'cccc'), 1)
    connections.handlePacket('b', STRANGER, bindingRequest('cccc', 'dddd'), 1)
    expect(connections.handlePacket('a', A, data, 2)).toEqual({ to: STRANGER })
  })
})

describe('what is near', () => {
  const entry = { netmask: '', mac: '', cidr: null, scopeid: 0 }
  const interfaces = {
    lo: [{ ...entry, address: '127.0.0.1', family: 'IPv4' as const, internal: true }],
    eth0: [
      { ...entry, address: '203.0.113.5', family: 'IPv4' as const, internal: false },
      { ...entry, address: '2001:db8::5', family: 'IPv6' as const, internal: false },
    ],
  }
  const wlan0 = [{ ...entry, address: '192.168.1.20', family: 'IPv4' as const, internal: false }]

  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:10.0.0.3',
    '172.31.0.1',
    '169.254.3.4',
    'fe80::1',
    'fd00::1',
    '203.0.113.5',
    '2001:db8::5',
  ])('is %s', (address) => expect(isNear(address, interfaces)).toBe(true))

  it.each(['8.8.8.8', '203.0.113.6', '172.32.0.1', '2001:db8::6', '::ffff:8.8.8.8', '', 'localhost'])(
    'is not %s',
    (address) => expect(isNear(address, interfaces)).toBe(false),
  )

  it('an address for this computer is any of its own, loopback where there is no other', () => {
    expect(ownAddress(interfaces)).toBe('203.0.113.5')
    expect(ownAddress({ ...interfaces, wlan0 })).toBe('192.168.1.20')
    expect(ownAddress({ lo: interfaces.lo })).toBe('127.0.0.1')
    expect(['127.0.0.9', '203.0.113.5', '192.168.1.20'].map((address) => isOwn(address, interfaces))).toEqual(
      [true, true, false],
    )
  })

  it('an address for other devices is one of a private network', () => {
    expect(nearAddress(interfaces)).toBeNull()
    expect(nearAddress({ ...interfaces, wlan0 })).toBe('192.168.1.20')
  })
})

describe('what the system dropped', () => {
  const LIST = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  100: 0100007F:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1234 2 0000000000000000 7
  101: 0100007F:1F91 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1235 2 0000000000000000 5
  102: 0201A8C0:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1236 2 0000000000000000 9
`

  it('is counted by address and port', () => {
    expect(dropsIn(LIST, '127.0.0.1', [8080])).toBe(7)
    expect(dropsIn(LIST, '127.0.0.1', [8080, 8081])).toBe(12)
    expect(dropsIn(LIST, '192.168.1.2', [8080, 8081])).toBe(9)
  })

  it('is not known where the list has no such socket', () => {
    expect(dropsIn(LIST, '127.0.0.1', [9999])).toBeNull()
    expect(dropsIn('', '127.0.0.1', [8080])).toBeNull()
  })
})
