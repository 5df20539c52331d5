import js from '@eslint/js'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import { importX } from 'eslint-plugin-import-x'
import reactHooks from 'eslint-plugin-react-hooks'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

import { FOREIGN_TO_PURE_CODE, IMPORT_ZONES, PURE_FOLDERS } from './e2e/setup/import-zones.mjs'

const TESTS = ['**/*.test.ts', '**/*.test.tsx']
const ROOT = import.meta.dirname

const onlyPeerKnowsSimplePeer = {
  name: 'simple-peer',
  message: 'Only lib/peer imports simple-peer: it is unmaintained, and one file must be able to replace it.',
}

export default defineConfig(
  globalIgnores([
    '.next/',
    '.shoal/',
    'e2e/.cache/',
    'test-results/',
    'playwright-report/',
    'public/',
    'next-env.d.ts',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  js.configs.recommended,

  {
    name: 'shoal/typescript',
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: ['./tsconfig.json'], tsconfigRootDir: ROOT } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      // A number in a sentence is what a report is made of.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `onClick={() => close()}` says all there is to say.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // An interface may promise `async` where one implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },

  {
    name: 'shoal/hooks',
    files: ['app/**/*.{ts,tsx}', 'lib/react/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
  },

  {
    name: 'shoal/imports',
    files: ['**/*.ts', '**/*.tsx', '**/*.mjs'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: `${ROOT}/tsconfig.json` })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: ROOT, zones: IMPORT_ZONES }],
      'import-x/no-default-export': 'error',
      'import-x/no-duplicates': 'error',
      'import-x/no-self-import': 'error',
    },
  },

  {
    name: 'shoal/simple-peer',
    files: ['**/*.{ts,tsx}'],
    ignores: ['lib/peer/**'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [onlyPeerKnowsSimplePeer] }] },
  },

  {
    name: 'shoal/no-console',
    files: ['lib/**', 'app/**'],
    rules: { 'no-console': 'error' },
  },

  {
    name: 'shoal/pure',
    files: PURE_FOLDERS.map((folder) => `${folder}/**/*.ts`),
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Pure code takes its randomness as an argument.' },
      ],
    },
  },
  {
    name: 'shoal/pure-source',
    files: PURE_FOLDERS.map((folder) => `${folder}/**/*.ts`),
    ignores: TESTS,
    rules: {
      'no-restricted-globals': [
        'error',
        ...FOREIGN_TO_PURE_CODE.map((name) => ({
          name,
          message: 'Pure code takes time, randomness and input as arguments.',
        })),
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\.{1,2}/|@/lib/)',
              message: 'Pure code imports no package and no part of the platform.',
            },
          ],
        },
      ],
    },
  },

  {
    name: 'shoal/tests',
    files: [...TESTS, 'e2e/**/*.ts'],
    rules: {
      // A test that meets a null fails, which is what it is there for.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-properties': [
        'error',
        { property: 'waitForTimeout', message: 'Wait for what the page shows, not for time to pass.' },
        { object: 'Math', property: 'random', message: 'A test that cannot be repeated proves nothing.' },
      ],
    },
  },

  {
    name: 'shoal/fixtures',
    files: ['e2e/fixtures/**/*.ts'],
    // Playwright reads from the pattern which fixtures a fixture needs, and insists on one.
    rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
  },

  {
    name: 'shoal/plain-javascript',
    files: ['**/*.mjs'],
    // tsc checks these files too, and knows which names there are.
    rules: { 'no-undef': 'off' },
  },

  {
    name: 'shoal/default-exports',
    files: [
      '*.config.{ts,mjs}',
      'e2e/**/playwright.config.ts',
      'app/**/{page,layout,template,loading,error,global-error,not-found,default,icon,apple-icon,opengraph-image,manifest,robots,sitemap}.{ts,tsx}',
    ],
    rules: { 'import-x/no-default-export': 'off' },
  },
)
