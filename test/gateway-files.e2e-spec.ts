import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { IDENTITY_HEADERS } from '@nmp/tokens';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'deploy', 'gateways');
const page = readFileSync(join(root, 'docs', 'gateways.md'), 'utf8');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
const modes = ['headers', 'hop'] as const;
const stripped = [...IDENTITY_HEADERS, 'X-NMP-Authorized', 'X-NMP-Origin-Workspace', 'X-NMP-Hop-Token'];

// That they work is tried by `npm run test:interop -- gateways`, with the programs themselves.
describe('the files of gateways', () => {
  it.each(files)('%s is on the page, with every name that is to be filled in', (file) => {
    expect(page).toContain(`(../deploy/gateways/${file})`);
    const names = [...textOf(file).matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name]) => name);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it.each(modes)('nginx (%s) sends no header of the identity that a client has written', (mode) => {
    const text = textOf(`nginx/${mode}.conf`);
    const server = text.slice(text.indexOf('\nserver {'), text.indexOf('location / {'));
    for (const name of stripped) expect(server).toMatch(new RegExp(`proxy_set_header ${name} +(''|\\$nmp_\\w+);`));
    // A location with a line of its own would inherit none of them.
    const locations = text.split(/^ {4}location /m).slice(1);
    const own = locations.filter((location) => location.includes('proxy_set_header'));
    expect(own.map((location) => location.split(' {')[0])).toEqual(['= /_nmp/authenticate']);
  });

  it.each(modes)('Caddy (%s) takes them out by how they begin', (mode) => {
    expect(textOf(`caddy/${mode}.Caddyfile`)).toMatch(/^\trequest_header -X-Nmp-\*$/m);
  });

  it.each(modes)('HAProxy (%s) takes them out by how they begin', (mode) => {
    expect(textOf(`haproxy/${mode}.cfg`)).toMatch(/^ {4}http-request del-header X-NMP- -m beg$/m);
  });

  it.each(modes)('Envoy (%s) takes them out, asks the platform, and lets nobody pass when that fails', (mode) => {
    const { static_resources: resources } = yamlOf(`envoy/${mode}.yaml`) as EnvoyConfig;
    const manager = resources.listeners[0]!.filter_chains[0]!.filters[0]!.typed_config;
    const [strip, authenticate, router] = manager.http_filters;
    expect([strip?.name, authenticate?.name, router?.name]).toEqual([
      'strip',
      'authenticate',
      'envoy.filters.http.router',
    ]);
    const removed = strip?.typed_config.mutations?.request_mutations.map(({ remove }) => remove);
    for (const name of stripped) expect(removed).toContain(name.toLowerCase());
    expect(authenticate?.typed_config.failure_mode_allow).toBe(false);
    const { routes } = manager.route_config.virtual_hosts[0]!;
    const asked = routes.filter((route) => route.typed_per_filter_config === undefined);
    expect(asked.map(({ match }) => match)).toEqual([{ prefix: '/apis/models/' }]);
  });

  it.each(modes)('Traefik (%s) takes them out on every way', (mode) => {
    const { http } = yamlOf(`traefik/${mode}.yaml`) as TraefikConfig;
    for (const { middlewares } of Object.values(http.routers)) expect(middlewares[0]).toBe('strip');
    const emptied = http.middlewares['strip']?.headers?.customRequestHeaders ?? {};
    for (const name of stripped) expect(emptied[name]).toBe('');
    expect(http.routers['service']?.middlewares).toContain('authenticate');
  });
});

interface EnvoyConfig {
  static_resources: {
    listeners: {
      filter_chains: {
        filters: {
          typed_config: {
            http_filters: {
              name: string;
              typed_config: {
                failure_mode_allow?: boolean;
                mutations?: { request_mutations: { remove: string }[] };
              };
            }[];
            route_config: { virtual_hosts: { routes: { match: object; typed_per_filter_config?: object }[] }[] };
          };
        }[];
      }[];
    }[];
  };
}

interface TraefikConfig {
  http: {
    routers: Record<string, { middlewares: string[] }>;
    middlewares: Record<string, { headers?: { customRequestHeaders: Record<string, string> } }>;
  };
}

function textOf(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** As it is deployed: the names are filled in, by values that are numbers where they must be. */
function yamlOf(file: string): unknown {
  return parse(textOf(file).replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => (name.endsWith('PORT') ? '1' : 'x')));
}
