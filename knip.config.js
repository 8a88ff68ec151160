/**
 * Which files, exports and dependencies count as used; what nobody uses is found by `npm run unused`.
 *
 * @type {import('knip').KnipConfig}
 */
export default {
  workspaces: {
    '.': {
      entry: [
        'src/{main,openapi}.ts',
        'scripts/*.mjs',
        '{src,test}/**/*.{spec,e2e-spec,pg-spec,guide-spec}.ts',
        'test/interop/*.mjs',
        'bench/run.mjs',
        // Started as programs of their own, by the names of their files.
        'scripts/{release/*.cjs,docs/write.mjs,quickstart/end-with-parent.mjs}',
        'test/support/{guide-browser.mjs,worker/*,leaks/*}',
        'test/faults/guarded-app.ts',
        'test/interop/{brokers,gateways}/*-service.ts',
        'test/interop/providers/oidc-provider-server.mjs',
        'bench/{bootstrap-app,in-process,listing,load-by-autocannon,policy,rpc-server,server}.mjs',
        'bench/soak/{hostile,load,server}.mjs',
      ],
      project: ['src/**/*.ts', 'scripts/**/*.{mjs,cjs}', 'test/**/*.{ts,mjs,cjs}', 'bench/**/*.mjs'],
      // Applications with dependencies of their own.
      ignore: ['test/packages/**', 'bench/nest-*/**'],
      ignoreDependencies: [
        // Programs that are started by their path.
        'oxlint',
        'oxlint-tsgolint',
        'publint',
        '@arethetypeswrong/cli',
        'commit-and-tag-version',
        // Loaded by Nest and Apollo, when an application is made with them.
        'express',
        '@as-integrations/express5',
        'graphql-ws',
        'socket.io',
        // What the libraries bring: tests use it beside them.
        'passport-jwt',
        'undici',
        'oidc-provider',
      ],
      ignoreBinaries: ['apt-get', 'mount', 'umount', 'unshare', 'dbus-run-session', 'pg_config'],
    },
    'libs/*': {
      entry: ['src/**/*.spec.ts'],
    },
    'libs/auth': {
      entry: ['src/**/*.spec.ts', 'src/schematics/nest-add.ts'],
    },
    'libs/cli': {
      entry: ['src/main.ts', '{src,test}/**/*.spec.ts', 'test/support/start-main.ts'],
      // Asked for by the parts of the SDK that the program is bundled with.
      ignoreDependencies: ['undici', '@nmp/dev-idp'],
    },
    'libs/dev-idp': {
      entry: ['src/bin.ts', '{src,test}/**/*.spec.ts'],
    },
    'libs/sdk': {
      entry: ['{src,test}/**/*.spec.ts', 'test/support/list-*.ts'],
      // Beside it in the workspace, for its tests.
      ignoreDependencies: ['@nmp/dev-idp'],
    },
  },
  // Loaded only where an application has them.
  exclude: ['optionalPeerDependencies'],
  // What belongs to an exported signature has a name that readers can look up.
  ignoreExportsUsedInFile: { interface: true, type: true },
  ignoreIssues: {
    // Made from the description of the API, all of it.
    'libs/sdk/src/api-types.ts': ['types'],
    // The benchmarks have dependencies of their own.
    'bench/{variants,load-by-autocannon}.mjs': ['unlisted'],
  },
};
