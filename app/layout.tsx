import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'

import { Notice } from './_ui/notice'
import { SiteHeader } from './_ui/site-header'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Shoal: pictures from browser to browser', template: '%s · Shoal' },
  description: 'Send a photo straight from one browser to another, and see exactly what was lost on the way.',
  applicationName: 'Shoal',
  icons: { icon: '/icon.svg', apple: '/icon-180.png' },
  manifest: '/manifest.webmanifest',
  formatDetection: { telephone: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6fafb' },
    { media: '(prefers-color-scheme: dark)', color: '#07141a' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // The content security policy carries a nonce of each request; a page built ahead of it would have none.
  await connection()
  return (
    <html lang="en">
      <body>
        <a
          href="#content"
          className="sr-only rounded-xl bg-accent px-4 py-3 font-semibold text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
        >
          Skip to content
        </a>
        <SiteHeader />
        <noscript>
          <div className="mx-auto max-w-6xl px-4 pb-4 sm:px-6">
            <Notice tone="warn" title="Shoal needs JavaScript.">
              Pictures go straight from browser to browser, and only a script can open that way. Allow scripts
              for this page and reload it.
            </Notice>
          </div>
        </noscript>
        {children}
      </body>
    </html>
  )
}
