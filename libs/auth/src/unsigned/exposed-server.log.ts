import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthConfig } from '../auth-config.js';
import { addressOfServer, isLoopbackAddress } from './local-request.js';

const logger = new Logger('AuthModule');

/** Says so when an application with `allowUnsignedJwt` begins to listen where other machines may reach it. */
@Injectable()
export class ExposedServerLog implements OnModuleInit {
  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    // An application context without a server has no adapter, either.
    if (this.config.allowUnsignedJwt && this.host.httpAdapter) this.host.listen$.subscribe(() => this.look());
  }

  private look(): void {
    const server = this.host.httpAdapter.getHttpServer() as { address?(): unknown }; // Node's own
    const address = addressOfServer(server);
    if (isLoopbackAddress(address)) return;
    const where = address === undefined ? 'at no address of a network' : `at ${address}`;
    logger.error(
      `The server listens ${where}: unsigned tokens are refused. Listen at 127.0.0.1: app.listen(port, '127.0.0.1')`,
    );
  }
}
