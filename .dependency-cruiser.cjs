// Who may import whom. Folders stand in strict order; a folder imports the ones its row names and nothing else.

/** folder -> folders below it that it may use. `lab` and `cli` are composed from all of them. */
const may = {
  base: [],
  domain: ['base'],
  pricing: ['base', 'domain'],
  market: ['base', 'domain', 'pricing'],
  strategies: ['base', 'domain', 'pricing', 'market'],
  risk: ['base', 'domain', 'pricing', 'market'],
  execution: ['base', 'domain', 'market'],
  ports: ['base', 'domain', 'market'],
  engine: ['base', 'domain', 'pricing', 'market', 'strategies', 'risk', 'execution', 'ports'],
  config: ['base', 'domain', 'market', 'strategies', 'risk'],
  alpaca: ['base', 'domain', 'market', 'ports'],
  net: ['base', 'domain', 'ports'],
  store: ['base', 'domain', 'market', 'ports'],
  exchange: ['base', 'domain', 'pricing', 'market', 'ports'],
  daemon: ['base', 'domain', 'market', 'strategies', 'engine', 'execution', 'risk', 'ports', 'config'],
};
may.lab = Object.keys(may);
may.cli = [...may.lab, 'lab'];

/** folder -> npm packages it may use; a folder that is not named uses none. */
const npm = {
  strategies: ['zod'],
  config: ['zod', 'smol-toml', 'dotenv'],
  alpaca: ['@alpacahq/alpaca-trade-api', 'zod', 'opossum', 'p-retry'],
  net: ['ws'],
  store: ['drizzle-orm', 'better-sqlite3'],
  exchange: ['ws', 'better-sqlite3', '@msgpack/msgpack', 'smol-toml', 'zod'],
  daemon: ['pino', 'pino-pretty', 'node-cron', 'prom-client', 'fastify'],
  lab: ['@sinonjs/fake-timers'],
  cli: ['commander', 'pino', 'pino-pretty'],
};

const core = '^src/(base|domain|pricing|market|strategies|risk|execution|engine)/';
const packages = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];
const allowed = (names) =>
  `(^|node_modules/)(@types/)?(${names.flatMap((name) => [name, name.replace('@', '').replace('/', '__')]).join('|')})(/|$)`;

const layerRules = Object.entries(may).flatMap(([layer, below]) => [
  {
    name: `${layer}-imports`,
    comment: `src/${layer} may import ${below.join(', ') || 'no other folder'}. Move the shared thing down, or pass it in.`,
    severity: 'error',
    from: { path: `^src/${layer}/` },
    to: { path: '^src/', pathNot: `^src/(${[layer, ...below].join('|')})/` },
  },
  {
    name: `${layer}-packages`,
    comment: `src/${layer} may use ${npm[layer]?.join(', ') ?? 'no package'}.`,
    severity: 'error',
    from: { path: `^src/${layer}/` },
    to: { dependencyTypes: packages, ...(npm[layer] ? { pathNot: allowed(npm[layer]) } : {}) },
  },
]);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Type-only cycles count: one of the two owns the noun.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unknown-folder',
      comment: 'A new folder under src needs a row in the table of this file and of docs/architecture.md.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${Object.keys(may).join('|')})/` },
      to: {},
    },
    {
      name: 'core-does-no-io',
      comment: 'The core uses no built-in module: what it needs of the outside arrives as data.',
      severity: 'error',
      from: { path: core },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'strategies-stand-alone',
      comment: 'A strategy knows the contract and the toolkit, never another strategy.',
      severity: 'error',
      from: { path: '^src/strategies/[^/]+\\.ts$', pathNot: 'registry\\.ts$' },
      to: { path: '^src/strategies/[^/]+\\.ts$', pathNot: '/strategy\\.ts$' },
    },
    {
      name: 'strategies-stand-alone-in-folders',
      comment: 'What a strategy keeps in a folder of its own is its own.',
      severity: 'error',
      from: { path: '^src/strategies/(?!toolkit/|registry\\.ts)([^/.]+)(/|\\.ts$)' },
      to: { path: '^src/strategies/[^/]+/', pathNot: '^src/strategies/($1|toolkit)/' },
    },
    {
      name: 'toolkit-below-strategies',
      comment: 'The toolkit is shared words: it knows the contract, never a strategy.',
      severity: 'error',
      from: { path: '^src/strategies/toolkit/' },
      to: { path: '^src/strategies/[^/]+\\.ts$', pathNot: '/strategy\\.ts$' },
    },
    {
      name: 'exchange-and-adapter-share-nothing',
      comment: 'A codec shared by both sides of the wire would agree with itself in error.',
      severity: 'error',
      from: { path: '^src/exchange/' },
      to: { path: '(^src/alpaca/|@alpacahq/alpaca-trade-api)' },
    },
    {
      name: 'adapter-and-exchange-share-nothing',
      comment: 'A codec shared by both sides of the wire would agree with itself in error.',
      severity: 'error',
      from: { path: '^src/alpaca/' },
      to: { path: '^src/exchange/' },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-package-in-the-product',
      comment: 'What ships imports what ships. The laboratory is the exception: it replaces the clock.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/lab/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    ...layerRules,
    { name: 'product-does-not-import-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|scripts|bench)/' } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
};
