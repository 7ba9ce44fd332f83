// What the type checker cannot say: promises awaited, switches complete, and a core that cannot reach time, chance or the network.
import tseslint from 'typescript-eslint';

const layers = ['base', 'domain', 'pricing', 'market', 'strategies', 'risk', 'execution', 'engine'];
/** An example of a strategy lives by the rules of one. */
const core = [...layers.map((layer) => `src/${layer}/**/*.ts`), 'examples/*.ts'];

const time = 'Time arrives in the core as data: take `Now` (domain/time.ts) as a parameter.';
const alarm = 'The core cannot wait: return `wakeAt` in the turn, and the daemon sends a `wake` event.';
const chance = 'Take a seeded `Rng` (base/rng.ts) as a parameter.';
const outside = 'The core does no I/O: return a command or a note in the turn, and the daemon carries it out.';

const bannedInCore = [
  { name: 'Date', message: `${time} Calendar arithmetic is integers: domain/time.ts and market/calendar.ts.` },
  { name: 'performance', message: time },
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask'].map((name) => ({
    name,
    message: alarm,
  })),
  ...['process', 'fetch', 'console', 'XMLHttpRequest', 'WebSocket', 'globalThis', 'global'].map((name) => ({ name, message: outside })),
  { name: 'crypto', message: `Hash with base/sha256.ts; for chance: ${chance}` },
  { name: 'Promise', message: 'The core is synchronous: the daemon awaits, and brings the answer back as an event.' },
];

const everywhere = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name: an import then says what it is everywhere.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that owns the thing.' },
  { selector: 'ExportNamedDeclaration[source]', message: 'No re-exports: import from the file that owns the thing.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
];

const synchronous = [
  { selector: ':function[async=true]', message: 'The core is synchronous: return a command, and take the answer as an event.' },
  { selector: 'AwaitExpression', message: 'The core is synchronous: return a command, and take the answer as an event.' },
  { selector: 'ForOfStatement[await=true]', message: 'The core is synchronous: take what arrives as events.' },
];

/** What runs while we trade may not hold the event loop up. SQLite is the exception, and it stands behind the store. */
const unhurried = [
  {
    selector: ':matches(CallExpression[callee.name=/Sync$/], CallExpression[callee.property.name=/Sync$/])',
    message: 'No synchronous file or process call while trading: use the asynchronous form, or do it before the start.',
  },
];

const typed = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
  '@typescript-eslint/no-array-delete': 'error',
  '@typescript-eslint/no-base-to-string': 'error',
  '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
  '@typescript-eslint/no-for-in-array': 'error',
  '@typescript-eslint/no-implied-eval': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-misused-spread': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-assignment': 'error',
  '@typescript-eslint/no-unsafe-call': 'error',
  '@typescript-eslint/no-unsafe-member-access': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
  '@typescript-eslint/restrict-plus-operands': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'var/', 'coverage/', 'node_modules/', '**/*.d.ts'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts', 'bench/*.ts', 'examples/*.ts', '*.config.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: { parser: tseslint.parser, parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...typed,
      eqeqeq: ['error', 'always'],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
  {
    files: ['src/alpaca/**/*.ts', 'src/net/**/*.ts', 'src/daemon/**/*.ts', 'src/exchange/wire/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...unhurried] },
  },
  { files: ['*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    // A describe block is a table of contents, not a function. Matchers (`expect.any`) are typed `any`; lists are sorted to be compared.
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/require-array-sort-compare': 'off',
    },
  },
  {
    files: core,
    rules: {
      'no-restricted-globals': ['error', ...bannedInCore],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: chance }],
      'no-restricted-syntax': ['error', ...everywhere, ...synchronous],
    },
  },
);
