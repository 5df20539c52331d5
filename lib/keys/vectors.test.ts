import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/ciphers/utils.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, it } from 'vitest'

import { agree, newKeyPair } from './derive'

const hex = (text: string) => hexToBytes(text.replaceAll(/\s/g, ''))
const ascending = (from: number, count: number) => Uint8Array.from({ length: count }, (_, i) => from + i)

describe('HKDF-SHA256', () => {
  it.each([
    {
      title: 'A.1, basic',
      ikm: new Uint8Array(22).fill(0x0b),
      salt: ascending(0, 13),
      info: ascending(0xf0, 10),
      length: 42,
      okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    },
    {
      title: 'A.2, longer inputs and outputs',
      ikm: ascending(0, 80),
      salt: ascending(0x60, 80),
      info: ascending(0xb0, 80),
      length: 82,
      okm: `b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c
            59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71
            cc30c58179ec3e87c14c01d5c1f3434f1d87`,
    },
    {
      title: 'A.3, no salt and no info',
      ikm: new Uint8Array(22).fill(0x0b),
      salt: new Uint8Array(0),
      info: new Uint8Array(0),
      length: 42,
      okm: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    },
  ])('[KY4] makes what RFC 5869 $title says', ({ ikm, salt, info, length, okm }) => {
    expect(bytesToHex(hkdf(sha256, ikm, salt, info, length))).toBe(okm.replaceAll(/\s/g, ''))
  })
})

describe('ChaCha20-Poly1305', () => {
  const plain = utf8ToBytes(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  )
  const key = ascending(0x80, 32)
  const nonce = hex('070000004041424344454647')
  const associated = hex('50515253c0c1c2c3c4c5c6c7')
  const sealed = hex(
    `d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
     3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
     92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
     3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691`,
  )

  it('[KY5] seals and opens what RFC 8439 section 2.8.2 says', () => {
    expect(chacha20poly1305(key, nonce, associated).encrypt(plain)).toEqual(sealed)
    expect(chacha20poly1305(key, nonce, associated).decrypt(sealed)).toEqual(plain)
  })

  it('[KY5] does not open it with a bit changed in any of its parts', () => {
    const changed = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 3 ? byte ^ 1 : byte))
    const open = (k: Uint8Array, n: Uint8Array, a: Uint8Array, s: Uint8Array) => () =>
      chacha20poly1305(k, n, a).decrypt(s)
    expect(open(changed(key), nonce, associated, sealed)).toThrow()
    expect(open(key, changed(nonce), associated, sealed)).toThrow()
    expect(open(key, nonce, changed(associated), sealed)).toThrow()
    expect(open(key, nonce, associated, changed(sealed))).toThrow()
  })
})

describe('X25519', () => {
  it.each([
    {
      scalar: 'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
      u: 'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
      out: 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    },
    {
      scalar: '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
      u: 'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
      out: '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
    },
  ])('[KY4] multiplies as RFC 7748 section 5.2 says: $scalar', ({ scalar, u, out }) => {
    expect(bytesToHex(x25519.getSharedSecret(hex(scalar), hex(u)))).toBe(out)
  })

  it('[KY4] iterates as RFC 7748 section 5.2 says, 1 000 times', () => {
    let k: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 9 : 0))
    let u = k
    const seen: string[] = []
    for (let i = 1; i <= 1000; i++) {
      ;[k, u] = [x25519.getSharedSecret(k, u), k]
      if (i === 1 || i === 1000) seen.push(bytesToHex(k))
    }
    expect(seen).toEqual([
      '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079',
      '684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51',
    ])
  })

  it('[KY4] agrees on what RFC 7748 section 6.1 says, by the functions that pages use', () => {
    const alice = newKeyPair(() => hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'))
    const bob = newKeyPair(() => hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'))
    const shared = hex('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742')
    expect(bytesToHex(alice.publicKey)).toBe(
      '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    )
    expect(bytesToHex(bob.publicKey)).toBe('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f')
    expect(agree(alice, bob.publicKey)).toEqual(shared)
    expect(agree(bob, alice.publicKey)).toEqual(shared)
  })

  // The points of order 1, 2, 4 and 8, and their spellings above the prime.
  it.each([
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ])('[KY11] refuses the public key of low order %s', (point) => {
    expect(
      agree(
        newKeyPair(() => ascending(1, 32)),
        hex(point),
      ),
    ).toBeNull()
  })
})
