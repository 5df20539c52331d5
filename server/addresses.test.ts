import type { NetworkInterfaceInfo } from 'node:os'

import { describe, expect, it } from 'vitest'

import { isLoopback, serverAddresses } from './addresses'
import type { Interfaces } from './addresses'

function entry(address: string, internal = false): NetworkInterfaceInfo {
  const common = { address, internal, netmask: '', mac: '', cidr: null }
  return address.includes(':') ? { ...common, family: 'IPv6', scopeid: 0 } : { ...common, family: 'IPv4' }
}

const LOOPBACK = { lo: [entry('127.0.0.1', true), entry('::1', true)] }

function origins(interfaces: Interfaces, options: { host?: string; publicUrl?: string; port?: number } = {}) {
  const { host, publicUrl, port = 3000 } = options
  return serverAddresses(interfaces, { host, publicUrl, port }).map(({ origin }) => origin)
}

describe('the addresses that are shown', () => {
  it('are the private ones first, and never loopback', () => {
    const interfaces = { ...LOOPBACK, eth1: [entry('203.0.113.9')], eth0: [entry('192.168.1.7')] }
    expect(origins(interfaces)).toEqual(['http://192.168.1.7:3000', 'http://203.0.113.9:3000'])
  })

  it.each([
    'docker0',
    'br-1f2e',
    'veth12',
    'tun0',
    'wg0',
    'utun4',
    'vEthernet (WSL)',
    'vboxnet0',
    'tailscale0',
  ])('put %s behind a physical interface', (virtual) => {
    const interfaces = { [virtual]: [entry('172.17.0.1')], wlan0: [entry('10.0.0.5')] }
    expect(origins(interfaces)).toEqual(['http://10.0.0.5:3000', 'http://172.17.0.1:3000'])
  })

  it('put an address that the device gave itself behind one from a router', () => {
    const interfaces = { eth0: [entry('169.254.3.4')], eth1: [entry('203.0.113.9')] }
    expect(origins(interfaces)).toEqual(['http://203.0.113.9:3000', 'http://169.254.3.4:3000'])
  })

  it.each([
    ['172.16.0.1', true],
    ['172.31.255.1', true],
    ['172.32.0.1', false],
    ['172.15.0.1', false],
    ['11.0.0.1', false],
    ['192.169.0.1', false],
  ])('take %s for private: %s', (address, isPrivate) => {
    const interfaces = { a: [entry('198.51.100.1')], b: [entry(address)] }
    expect(origins(interfaces)[0] === `http://${address}:3000`).toBe(isPrivate)
  })

  it('are IPv6 only when there is nothing else, and then without link-local ones', () => {
    const v6 = [entry('fe80::1'), entry('2001:db8::1'), entry('fd00::2')]
    expect(origins({ ...LOOPBACK, eth0: v6 })).toEqual(['http://[fd00::2]:3000', 'http://[2001:db8::1]:3000'])
    expect(origins({ eth0: [...v6, entry('192.168.1.7')] })).toEqual(['http://192.168.1.7:3000'])
  })

  it('are the one that HOST names, and none when it keeps the network out', () => {
    const interfaces = { ...LOOPBACK, eth0: [entry('192.168.1.7')], eth1: [entry('10.0.0.5')] }
    expect(origins(interfaces, { host: '10.0.0.5' })).toEqual(['http://10.0.0.5:3000'])
    for (const host of ['127.0.0.1', 'localhost', '::1', '[::1]'])
      expect(origins(interfaces, { host })).toEqual([])
    for (const host of ['0.0.0.0', '::']) expect(origins(interfaces, { host })).toHaveLength(2)
  })

  it('start with PUBLIC_URL, once', () => {
    const interfaces = { eth0: [entry('192.168.1.7')] }
    expect(origins(interfaces, { publicUrl: 'https://shoal.example' })).toEqual([
      'https://shoal.example',
      'http://192.168.1.7:3000',
    ])
    expect(origins(interfaces, { publicUrl: 'http://192.168.1.7:3000' })).toEqual(['http://192.168.1.7:3000'])
  })

  it('leave out the port of http', () => {
    expect(origins({ eth0: [entry('192.168.1.7')] }, { port: 80 })).toEqual(['http://192.168.1.7'])
  })

  it('are none where there is no network', () => {
    expect(origins(LOOPBACK)).toEqual([])
    expect(origins({})).toEqual([])
  })

  it('carry the name of their interface, in words for Wi-Fi', () => {
    const interfaces = { wlp3s0: [entry('10.0.0.5')], en0: [entry('10.0.0.6')], 'Wi-Fi': [entry('10.0.0.7')] }
    const labels = serverAddresses(interfaces, { host: undefined, publicUrl: undefined, port: 1 })
    expect(labels.map(({ label }) => label)).toEqual(['Wi-Fi (wlp3s0)', 'en0', 'Wi-Fi'])
  })
})

it.each([
  ['localhost', true],
  ['127.0.0.53', true],
  ['[::1]', true],
  ['192.168.1.7', false],
  ['localhost.example', false],
  ['', false],
])('%s is a loopback host: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
