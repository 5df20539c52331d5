import type { ChatCrypto } from '../replica'

/** Test data: a device's key. */
export function authorOf(index: number): string {
  return index.toString(16).padStart(64, 'a')
}

/** Stands in for SHA-256 and Ed25519 where thousands of pages talk: no one in the tests knows how to forge it. */
export function testCrypto(author: string): ChatCrypto {
  return {
    sign: (text) => mac(author, text),
    verify: (by, text, signature) => signature === mac(by, text),
    hash: (text) => digest(text, 8),
  }
}

function mac(author: string, text: string): string {
  return digest(`${author}\n${text}`, 11).slice(0, 86)
}

/** So many times 8 hex digits: FNV-1a with another beginning for each. */
function digest(text: string, words: number): string {
  let out = ''
  for (let word = 0; word < words; word++) {
    let hash = (0x811c9dc5 ^ (word * 0x9e3779b9)) >>> 0
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    out += (hash >>> 0).toString(16).padStart(8, '0')
  }
  return out
}
