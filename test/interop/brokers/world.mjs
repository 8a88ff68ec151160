import { join } from 'node:path';
import { compiled } from '../compiled.mjs';

export const secretHeader = 'X-Gateway-Secret';
export const gatewaySecret = 'a-secret-of-this-gateway';
const audience = 'nmp-platform';

/** What is the same for every broker: issuers, and how the microservice is set up. */
export class World {
  #services;

  constructor({ issuer, unsteadyIssuer, goneIssuer, tokenOfNobody, foreignKey, services }) {
    this.issuer = issuer;
    /** Is away when a service starts, which has none of its keys then. */
    this.unsteadyIssuer = unsteadyIssuer;
    /** Nobody can tell whether this is good. */
    this.tokenOfNobody = tokenOfNobody;
    /** The issuer does not have it. */
    this.foreignKey = foreignKey;
    this.patterns = services.patterns;
    this.#services = services;
    const oidc = {
      issuer: issuer.issuer,
      clientId: 'nmp-cli',
      audience,
      additionalIssuers: [unsteadyIssuer.issuer, goneIssuer],
    };
    const trustedHeaders = { secretHeader, secret: gatewaySecret };
    this.options = { oidc, trustedHeaders, jwksCooldownSeconds: 1 };
  }

  static async start() {
    const { SigningKey, TestIssuer } = await import('@nmp/auth/testing');
    const programs = ['messages-service', 'front-service', 'acknowledging-service'].map((name) =>
      join(import.meta.dirname, `${name}.ts`),
    );
    const [messages, front, acknowledging] = await Promise.all(programs.map((program) => import(compiled(program))));
    const services = { ...messages, ...front, ...acknowledging };
    const gone = await TestIssuer.start();
    const tokenOfNobody = await gone.accessToken({ audience });
    await gone.close();
    const foreignKey = await SigningKey.generate();
    const [issuer, unsteadyIssuer] = [await TestIssuer.start(), await TestIssuer.start()];
    return new World({ issuer, unsteadyIssuer, goneIssuer: gone.issuer, tokenOfNobody, foreignKey, services });
  }

  /** A good token, unless `input` says otherwise. */
  token(input = {}) {
    return this.issuer.accessToken({ audience, ...input });
  }

  /** The header of such a token. */
  async bearer(input) {
    return ['authorization', `Bearer ${await this.token(input)}`];
  }

  startService(transport) {
    this.unsteadyIssuer.fail('refuse');
    return this.#services.startMessagesService(transport, this.options);
  }

  /** One that acknowledges the messages of RabbitMQ itself. */
  startAcknowledgingService(transport) {
    return this.#services.startAcknowledgingService(transport, this.patterns.whoami, this.options);
  }

  /** A service that passes its callers on with this client. */
  startFront(client) {
    return this.#services.startFrontService(client, this.patterns.whoami, this.options);
  }

  async close() {
    await this.issuer.close();
    await this.unsteadyIssuer.close();
  }
}
