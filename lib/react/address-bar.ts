/**
 * Writes the room and the name into the address without a navigation, so that a reload comes back to the same
 * place. null removes a parameter; the others stay as they are.
 */
export function rememberInAddress(parameters: Readonly<Record<string, string | null>>): void {
  const url = new URL(location.href)
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  // A secret that had to stay in the address is of the room that is left.
  if (parameters['room'] === null) url.hash = ''
  history.replaceState(null, '', url)
}

/** The room one is in, as the page's own address; null: none. The other parameters stay. */
export function showRoomInAddress(room: { readonly code: string; readonly name: string } | null): void {
  const url = new URL(location.href)
  url.pathname = room === null ? '/room' : `/room/${room.code}`
  url.searchParams.delete('room')
  if (room === null) {
    url.searchParams.delete('name')
    url.hash = ''
  } else url.searchParams.set('name', room.name)
  history.replaceState(null, '', url)
}
