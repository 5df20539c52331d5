import { memo } from 'react'

import { messageParts } from '@/lib/react/message-parts'

/** Text as it was written, its web addresses as links that give nothing away. */
export const MessageText = memo(function MessageText({ text }: { text: string }) {
  return (
    <p className="[overflow-wrap:anywhere] whitespace-pre-wrap">
      {messageParts(text).map((part, index) =>
        part.type === 'text' ? (
          part.text
        ) : (
          <a
            key={index}
            href={part.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="text-accent-ink underline decoration-1 underline-offset-4"
          >
            {part.text}
          </a>
        ),
      )}
    </p>
  )
})
