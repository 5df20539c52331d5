/** Tailwind 4 reads its theme from app/globals.css; this is all the configuration it needs. */
const config = { plugins: { '@tailwindcss/postcss': {} } }

export default config
