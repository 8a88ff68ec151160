import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../scripts/quickstart/ports.mjs';
import { untilReady } from '../../../scripts/quickstart/ready.mjs';
import { Service } from '../../../scripts/quickstart/service.mjs';
import { compiled } from '../compiled.mjs';
import { PlatformTap } from './platform-tap.mjs';

const readyTimeoutMs = 90_000;
const publicUrl = 'https://platform.example.com';

export const gatewaySecret = 'a-secret-of-this-gateway';
export const hopAudience = 'models';
/** A service that is not behind these gateways. */
export const otherAudience = 'billing';

/** What is behind every gateway: identity providers, the platform, and the service in both of its modes. */
export class Backstage {
  #stops = [];

  /** @param {string} directory for settings and logs */
  static async start(directory) {
    const backstage = new Backstage();
    try {
      await backstage.#start(directory);
      return backstage;
    } catch (error) {
      await backstage.stop();
      throw error;
    }
  }

  /** A good token, unless `input` says otherwise. */
  token(input = {}) {
    return this.issuer.accessToken({ audience: 'nmp-platform', ...input });
  }

  async stop() {
    for (const stop of this.#stops.splice(0).toReversed()) await stop();
  }

  async #start(directory) {
    const { TestIssuer } = await import('@nmp/auth/testing');
    this.issuer = await this.#begun(TestIssuer.start(), (issuer) => issuer.close());
    const gone = await TestIssuer.start();
    /** Nobody can tell whether this is good. */
    this.tokenOfNobody = await gone.accessToken({ audience: 'nmp-platform' });
    await gone.close();

    this.platformPort = await freePort();
    await this.#startPlatform(directory, gone.issuer);
    this.tap = await this.#begun(PlatformTap.start(this.platformPort), (tap) => tap.stop());
    const { startModelsService } = await import(compiled(join(import.meta.dirname, 'models-service.ts')));
    const close = (service) => service.close();
    this.services = {
      headers: await this.#begun(startModelsService('express', headersOptions), close),
      hop: await this.#begun(startModelsService('fastify', hopOptions(this.platformPort)), close),
    };
  }

  async #startPlatform(directory, additionalIssuer) {
    const configFile = join(directory, 'platform.yaml');
    const { issuer } = this.issuer;
    const oidc = {
      issuer,
      client_id: 'nmp-cli',
      audience: 'nmp-platform',
      additional_issuers: [additionalIssuer],
    };
    const settings = {
      server: { port: this.platformPort },
      public_url: publicUrl,
      data_dir: 'memory://',
      hop_tokens: { audiences: [hopAudience, otherAudience] },
      auth: { admin_email: 'admin@example.com', oidc },
    };
    writeFileSync(configFile, JSON.stringify(settings));
    const platform = new Service({
      name: 'platform',
      args: ['dist/main.js'],
      env: { PATH: process.env.PATH, NMP_CONFIG_FILE_PATH: configFile },
      logFile: join(directory, 'platform.log'),
    });
    this.#stops.push(() => platform.stop());
    await untilReady(platform, `http://127.0.0.1:${this.platformPort}/health/ready`, readyTimeoutMs);
  }

  async #begun(starting, stop) {
    const part = await starting;
    this.#stops.push(() => stop(part));
    return part;
  }
}

const headersOptions = {
  oidc: { enabled: false },
  trustedHeaders: { cidrs: ['127.0.0.1/32'], secretHeader: 'X-Gateway-Secret', secret: gatewaySecret },
};

/** The platform's own name is that of the gateway; the service asks for keys past it. */
function hopOptions(platformPort) {
  const issuer = `${publicUrl}/apis/auth`;
  const jwksUri = `http://127.0.0.1:${platformPort}/apis/auth/jwks`;
  return { oidc: { enabled: false }, hop: { issuer, audience: hopAudience, jwksUri } };
}
