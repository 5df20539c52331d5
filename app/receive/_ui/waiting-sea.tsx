/** Nothing has come yet: what this place is for, and whether it listens. */
export function WaitingSea({ listening, connected }: { listening: boolean; connected: boolean }) {
  return (
    <div className="flex flex-col items-center justify-center rounded-3xl border border-dashed border-line px-6 py-14 text-center lg:min-h-112">
      <svg viewBox="0 0 120 120" aria-hidden="true" className="size-32">
        {listening && (
          <g className="fill-none stroke-accent" strokeWidth="1.5">
            {connected ? (
              // Still, from here on: what moves is the picture, and the processor is for it.
              <>
                <circle cx="60" cy="60" r="22" opacity="0.6" />
                <circle cx="60" cy="60" r="38" opacity="0.35" />
                <circle cx="60" cy="60" r="55" opacity="0.15" />
              </>
            ) : (
              <>
                <circle className="sonar" cx="60" cy="60" r="56" />
                <circle className="sonar" cx="60" cy="60" r="56" />
                <circle className="sonar" cx="60" cy="60" r="56" />
              </>
            )}
          </g>
        )}
        <circle cx="60" cy="60" r="7" className={listening ? 'fill-accent' : 'fill-line-strong'} />
      </svg>
      <p className="mt-4 text-xl font-semibold tracking-tight">Pictures appear here</p>
      <p className="mt-1 max-w-sm text-muted">
        {connected
          ? 'Someone is connected. What they send appears by itself: nothing needs to be confirmed on this screen.'
          : listening
            ? 'Scan the code with a phone, or type it on another device. Nothing needs to be confirmed on this screen.'
            : 'Open the room, and this page takes pictures from whoever has its code.'}
      </p>
    </div>
  )
}
