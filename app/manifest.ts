import type { MetadataRoute } from 'next'

/** For "Add to home screen". */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'Shoal',
    short_name: 'Shoal',
    description: 'Photos, straight from screen to screen.',
    start_url: '/',
    display: 'standalone',
    background_color: '#f6fafb',
    theme_color: '#006a77',
    icons: [
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: '/icon-180.png', sizes: '180x180', type: 'image/png' },
    ],
  }
}
