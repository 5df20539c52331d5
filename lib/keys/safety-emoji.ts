/** 64 things that look different and have one short name each; the index is six bits of the words (SPEC KY21). */
const TABLE =
  '🐶 dog,🐱 cat,🦁 lion,🐴 horse,🦄 unicorn,🐷 pig,🐘 elephant,🐰 rabbit,🐼 panda,🐓 rooster,🐧 penguin,🐢 turtle,' +
  '🐟 fish,🐙 octopus,🦋 butterfly,🌷 tulip,🌳 tree,🌵 cactus,🍄 mushroom,🌍 globe,🌙 moon,☁️ cloud,🔥 fire,🍌 banana,' +
  '🍎 apple,🍓 strawberry,🌽 corn,🍕 pizza,🎂 cake,❤️ heart,😀 smile,🤖 robot,🎩 hat,👓 glasses,🔧 wrench,🎅 Santa,' +
  '👍 thumbs up,☂️ umbrella,⌛ hourglass,⏰ clock,🎁 gift,💡 light bulb,📕 book,✏️ pencil,📎 paper clip,✂️ scissors,' +
  '🔒 lock,🔑 key,🔨 hammer,☎️ telephone,🏁 flag,🚂 train,🚲 bicycle,✈️ aeroplane,🚀 rocket,🏆 trophy,⚽ ball,' +
  '🎸 guitar,🎺 trumpet,🔔 bell,⚓ anchor,🎧 headphones,📁 folder,📌 pin'

export interface SafetyWord {
  readonly emoji: string
  readonly name: string
}

export const SAFETY_EMOJI: readonly SafetyWord[] = TABLE.split(',').map((entry) => {
  const space = entry.indexOf(' ')
  return { emoji: entry.slice(0, space), name: entry.slice(space + 1) }
})

const WORDS = 7
const BITS = 6

/** The first 42 bits, most significant first, six for each word. */
export function wordsFrom(bytes: Uint8Array): readonly SafetyWord[] {
  const bit = (at: number) => ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1
  return Array.from({ length: WORDS }, (_, word) => {
    let index = 0
    for (let i = 0; i < BITS; i++) index = (index << 1) | bit(word * BITS + i)
    return SAFETY_EMOJI[index] ?? { emoji: '?', name: '?' }
  })
}
