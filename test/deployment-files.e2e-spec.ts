import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { parse } from 'yaml';
import { loadConfig } from '../src/config/load-config.js';
import { buildContext } from './interop/deploy/build-context.mjs';
import { instructionsOf, parseDockerfile } from './interop/deploy/dockerfile.mjs';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs', 'operations.md'), 'utf8');

// That the image can be built and runs, and what systemd and Kubernetes say, is tried by `npm run test:interop -- deploy`.
describe('the Dockerfile', () => {
  const { stages } = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
  const last = stages.at(-1)!;
  const commands = stages.flatMap((stage) => instructionsOf(stage, 'RUN')).map(({ text }) => text);
  const context = buildContext(root);

  it('copies the manifest of every package, without which npm does not install', () => {
    const manifests = readdirSync(join(root, 'libs')).map((name) => `libs/${name}/package.json`);
    const copied = instructionsOf(stages[0]!, 'COPY').map(({ text }) => text.split(' ')[0]);
    expect(copied).toEqual(expect.arrayContaining(manifests));
  });

  it('copies only what there is, and what is not kept from it', () => {
    const sources = stages
      .flatMap((stage) => instructionsOf(stage, 'COPY'))
      .filter(({ flags }) => flags.from === undefined)
      .flatMap(({ text }) => text.split(' ').slice(0, -1));
    const missing = sources.filter(
      (source) => !context.some((file) => file === source || file.startsWith(`${source}/`)),
    );
    expect(missing).toEqual([]);
  });

  it('runs the platform in production, as the unit does: no refusal is explained in the log', () => {
    expect(instructionsOf(last, 'ENV').map(({ text }) => text)).toContain('NODE_ENV=production');
    const unit = readFileSync(join(root, 'deploy/systemd/nmp-platform.service'), 'utf8');
    expect(unit).toMatch(/^Environment=NODE_ENV=production$/m);
  });

  it('is built of nothing that is made, tried or secret', () => {
    expect(
      context.filter((path) => /(^|\/)(dist|node_modules|\.git)\/|\.spec\.ts$|_test\.rego$|\.env/.test(path)),
    ).toEqual([]);
    expect(context.filter((path) => /^(config|docs|test|bench|\.ci)\//.test(path))).toEqual([
      'config/roles.yaml',
      'docs/errors.md',
    ]);
  });

  it('installs what the lock file says, and runs no script of a package', () => {
    const installs = commands.filter((command) => /\bnpm\b/.test(command));
    expect(installs).toHaveLength(2);
    for (const install of installs) expect(install).toMatch(/^npm ci .*--ignore-scripts/);
    expect(installs[1]).toContain('--omit=dev');
  });

  it('runs as a user by number, who is not root, and takes no shell', () => {
    expect(instructionsOf(last, 'USER').at(-1)?.text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(instructionsOf(last, 'CMD').at(-1)?.list).toEqual(['node', 'dist/main.js']);
    expect(instructionsOf(last, 'HEALTHCHECK').at(-1)?.list?.[0]).toBe('node');
    // After the user's there would be files that root owns, or that are made as somebody else.
    const names = last.instructions.map(({ name }) => name);
    expect(names.slice(names.indexOf('USER')).filter((name) => ['COPY', 'RUN', 'ADD'].includes(name))).toEqual([]);
  });

  it('asks after its health at the port that it listens on, whatever the file with the settings says', () => {
    const check = instructionsOf(last, 'HEALTHCHECK').at(-1)?.list?.at(-1) ?? '';
    const [, variable = ''] = /127\.0\.0\.1:\$\{process\.env\.(\w+)\}\/health\/live/.exec(check) ?? [];
    const set = instructionsOf(last, 'ENV').map(({ text }) => text);
    const [port] = instructionsOf(last, 'EXPOSE').map(({ text }) => text);
    expect(set).toContain(`${variable}=${port}`);
    expect(loadConfig({ [variable]: '8181' }).server.port).toBe(8181);
  });

  it('pins the version of its base, fetches nothing by itself and holds no secret', () => {
    for (const { base } of stages) expect(base).toMatch(/^(node:\d+-slim|manifests)$/);
    const everything = stages.flatMap(({ instructions }) => instructions);
    expect(everything.filter(({ name }) => name === 'ADD')).toEqual([]);
    expect(commands.filter((command) => /\b(curl|wget|apt-get|apk)\b/.test(command))).toEqual([]);
    const variables = everything.filter(({ name }) => name === 'ENV' || name === 'ARG').map(({ text }) => text);
    expect(variables.filter((text) => /secret|password|token|key/i.test(text))).toEqual([]);
  });
});

describe('the files for Kubernetes', () => {
  const folder = join(root, 'deploy', 'kubernetes');
  const read = (path: string): unknown => parse(readFileSync(join(folder, path), 'utf8'));
  const { spec } = (read('base/deployment.yaml') as Deployment).spec.template;
  const [container] = spec.containers;

  it('are all part of a kustomization', () => {
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const path of paths.filter((name) => name.endsWith('kustomization.yaml'))) {
      const own = read(path) as { resources?: string[]; patches?: { path?: string }[] };
      const named = [...(own.resources ?? []), ...(own.patches ?? []).map(({ path }) => path ?? '')];
      const inFolder = join(folder, path, '..');
      for (const name of named) expect(() => statSync(join(inFolder, name))).not.toThrow();
      const files = readdirSync(inFolder).filter((name) => !['kustomization.yaml', 'platform.yaml'].includes(name));
      expect(files.filter((name) => !named.includes(name) && !name.includes('.example.'))).toEqual([]);
    }
  });

  it('have settings that the platform takes', () => {
    const directory = mkdtempSync(join(tmpdir(), 'nmp-kubernetes-'));
    try {
      const keyFile = join(directory, 'signing-keys');
      const { stringData } = read('base/secret.example.yaml') as { stringData: Record<string, string> };
      writeFileSync(keyFile, stringData['signing-keys'] ?? '');
      const text = readFileSync(join(folder, 'base', 'platform.yaml'), 'utf8');
      const mounted = container?.volumeMounts.find(({ name }) => name === 'secrets')?.mountPath;
      writeFileSync(join(directory, 'platform.yaml'), text.replace(`${mounted}/signing-keys`, keyFile));
      const config = loadConfig({
        NMP_CONFIG_FILE_PATH: join(directory, 'platform.yaml'),
        NMP_DATABASE_URL: stringData['database-url'],
      });
      expect(config.publicUrl).toBe('https://platform.example.com');
      expect(text).toContain(`${mounted}/signing-keys`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('fit the image', () => {
    const { stages } = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
    const last = stages.at(-1)!;
    const [user] = (instructionsOf(last, 'USER').at(-1)?.text ?? '').split(':').map(Number);
    expect(spec.securityContext.runAsUser).toBe(user);
    expect(String(container?.ports[0]?.containerPort)).toBe(instructionsOf(last, 'EXPOSE')[0]?.text);
    const places = container?.volumeMounts.map(({ mountPath }) => mountPath);
    expect(places).toEqual(expect.arrayContaining(instructionsOf(last, 'VOLUME').map(({ text }) => text)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const { images } = read('base/kustomization.yaml') as { images: { newTag: string }[] };
    expect(images[0]?.newTag).toBe(version);
  });

  it('give an instance the time that it takes to end', () => {
    const grace = readFileSync(join(root, 'src', 'http', 'http-limits.ts'), 'utf8');
    const shutdownSeconds = Number(/shutdownGraceMs: ([\d_]+)/.exec(grace)?.[1]?.replaceAll('_', '')) / 1000;
    const sleepSeconds = Number(container?.lifecycle.preStop.exec.command[1]);
    expect(sleepSeconds + shutdownSeconds).toBeLessThan(spec.terminationGracePeriodSeconds);
  });
});

describe('the alerts', () => {
  const file = join(root, 'deploy', 'prometheus', 'nmp-platform.rules.yaml');
  const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: Alert[] }[] };
  const rules = groups.flatMap((group) => group.rules);

  it.each(rules)('$alert is about figures that there are', async ({ expr }) => {
    const folder = join(root, 'src', 'metrics');
    const own = readdirSync(folder).flatMap((name) => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/'(nmp_\w+)'/g),
    ]);
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const known = new Set([
      'up',
      ...own.map(([, name = '']) => name),
      ...registry.getMetricsAsArray().map(({ name }) => name),
    ]);
    const named = [...expr.matchAll(/\b((?:nmp|nodejs|process)_\w+|up)\b/g)].map(([, name = '']) => name);
    const plain = named.filter((name) => !expr.includes(`"${name}`)).map((name) => name.replace(/_bucket$/, ''));
    expect(plain.length).toBeGreaterThan(0);
    expect(plain.filter((name) => !known.has(name))).toEqual([]);
  });

  const expressionOf = (name: string): string => rules.find(({ alert }) => alert === name)?.expr ?? '';

  it('look for the name under which the figures are read', () => {
    const { scrape_configs: jobs } = parse(
      readFileSync(join(root, 'deploy', 'prometheus', 'scrape.example.yaml'), 'utf8'),
    ) as { scrape_configs: { job_name: string }[] };
    expect(expressionOf('NmpPlatformAway')).toContain(`{job="${jobs[0]?.job_name}"}`);
  });

  it('count no probe of readiness among the failures', () => {
    const left = [...expressionOf('NmpServerErrors').matchAll(/route!~"([^"]+)"/g)].map(([, pattern = '']) => pattern);
    expect(left).toHaveLength(2);
    for (const pattern of left) {
      const isLeft = (route: string): boolean => new RegExp(`^(?:${pattern})$`).test(route);
      expect(
        ['/health/ready', '/ready', '/readyz', '/health/live', '/healthz'].filter((route) => !isLeft(route)),
      ).toEqual([]);
      expect(['/apis/auth/authenticate', '/metrics', 'none'].filter(isLeft)).toEqual([]);
    }
  });

  it('tell of refused tokens also where nobody was ever let in', () => {
    expect(expressionOf('NmpTokensRefused')).toContain('(sum(rate(nmp_auth_authenticated_total[10m])) or vector(0))');
  });

  it('stand on the page, as urgent as they are', () => {
    const rows = [...page.matchAll(/^\| `(Nmp\w+)` +\| (\w+) +\|/gm)].map(([, alert, severity]) => ({
      alert,
      severity,
    }));
    expect(rows).toEqual(rules.map(({ alert, labels: { severity } }) => ({ alert, severity })));
  });
});

describe('the page about operations', () => {
  const templates = [
    'Dockerfile',
    'deploy/kubernetes/base',
    'deploy/kubernetes/overlays/postgres',
    'deploy/kubernetes/components/autoscaling',
    'deploy/systemd/nmp-platform.service',
    'deploy/nginx/nmp-platform.conf',
    'deploy/prometheus/nmp-platform.rules.yaml',
    'deploy/prometheus/scrape.example.yaml',
  ];

  it.each(templates)('links %s', (path) => {
    expect(page).toContain(`](../${path})`);
  });

  it('says what the names in the file for nginx stand for', () => {
    const text = readFileSync(join(root, 'deploy', 'nginx', 'nmp-platform.conf'), 'utf8');
    const names = [...text.matchAll(/\$\{([A-Z_0-9]+)\}/g)].map(([, name]) => name);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

interface Alert {
  alert: string;
  expr: string;
  labels: { severity: string };
}

interface Deployment {
  spec: {
    template: {
      spec: {
        terminationGracePeriodSeconds: number;
        securityContext: { runAsUser: number };
        containers: {
          ports: { containerPort: number }[];
          lifecycle: { preStop: { exec: { command: string[] } } };
          volumeMounts: { name: string; mountPath: string }[];
        }[];
      };
    };
  };
}
