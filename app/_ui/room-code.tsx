/** The code as people read it out; its text is exactly the code. */
export function RoomCode({ code }: { code: string | null }) {
  if (!code) return <p className="mt-1 h-9 w-56 max-w-full animate-pulse rounded-xl bg-sunken" />
  return (
    <p
      data-testid="room-code"
      translate="no"
      className="mt-1 font-mono text-[1.75rem] leading-9 font-semibold tracking-[0.02em] whitespace-nowrap select-all"
    >
      {code}
    </p>
  )
}
