import type { Settings } from './file-settings.js';

/** How services ask the platform by messages. */
export interface MessagingConfig {
  /** Missing: it does not listen to NATS. */
  readonly nats?: NatsConfig | undefined;
  /** Missing: it does not serve gRPC. */
  readonly grpc?: GrpcConfig | undefined;
}

/** The NATS servers whose subjects `auth.authenticate` and `auth.authorize` are answered. */
export interface NatsConfig {
  readonly servers: readonly string[];
  /** Instances of one queue group share the messages. */
  readonly queue: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

/** Where gRPC is served. */
export interface GrpcConfig {
  readonly host: string;
  readonly port: number;
  /** PEM files; missing: without TLS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined;
}

const SERVER = /^(nats|tls):\/\/[^/\s@]+$/;

/** Checks the settings and adds a line to `problems` for each that is wrong. */
export function messagingConfigOf(settings: Settings | undefined, host: string, problems: string[]): MessagingConfig {
  const { nats, grpc } = (settings ?? {}) as Partial<Record<string, Settings>>; // by the tree of settings
  return Object.freeze({
    ...(nats && { nats: natsConfigOf(nats, problems) }),
    ...(grpc && { grpc: grpcConfigOf(grpc, host, problems) }),
  });
}

function natsConfigOf(settings: Settings, problems: string[]): NatsConfig {
  const {
    servers = [],
    queue = 'nmp-platform',
    user,
    password,
    token,
  } = settings as {
    servers?: string[]; // by the tree of settings
    queue?: string;
    user?: string;
    password?: string;
    token?: string;
  };
  if (servers.length === 0) problems.push('messaging.nats.servers must name a server like nats://127.0.0.1:4222');
  if (!servers.every((server) => SERVER.test(server))) {
    problems.push('messaging.nats.servers must be addresses like nats://127.0.0.1:4222 or tls://nats.example.com:4222');
  }
  if (!/^[\w.-]+$/.test(queue)) {
    problems.push('messaging.nats.queue must be a name of letters, digits, dots, hyphens and underscores');
  }
  if ((user === undefined) !== (password === undefined)) {
    problems.push('messaging.nats.user and messaging.nats.password must be set together');
  }
  if (token !== undefined && user !== undefined) {
    problems.push('messaging.nats.token must not be set beside messaging.nats.user');
  }
  return Object.freeze({ servers: Object.freeze([...servers]), queue, user, password, token });
}

function grpcConfigOf(settings: Settings, serverHost: string, problems: string[]): GrpcConfig {
  const { host = serverHost, port, tls } = settings as { host?: string; port?: number; tls?: Settings }; // by the tree
  const isPort = port !== undefined && port >= 0 && port <= 65_535;
  if (!isPort) problems.push('messaging.grpc.port must be between 0 and 65535');
  const { cert_file: certFile, key_file: keyFile } = (tls ?? {}) as { cert_file?: string; key_file?: string };
  if (tls !== undefined && (certFile === undefined || keyFile === undefined)) {
    problems.push('messaging.grpc.tls must have cert_file and key_file');
  }
  const files = certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined;
  return Object.freeze({ host, port: port ?? 0, ...(files && { tls: Object.freeze(files) }) });
}
