/** A title as the name of a file. */
export function fileNameOf(title: string, extension: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
  return `shoal-lab-${plain.slice(0, 80) || 'chart'}.${extension}`
}
