/** Saves a text as a file, as a link with `download` would. */
export function saveText(fileName: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // The browser has taken hold of it when the click is over; some only a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
