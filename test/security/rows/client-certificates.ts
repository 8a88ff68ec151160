import { createHash } from 'node:crypto';
import type { TrustedHeadersOptions } from '@nmp/auth';
import { SigningKey } from '@nmp/auth/testing';
import { invalid } from '../answers.js';
import { badProof, BoundClient, invalidBound } from '../bound-client.js';
import { proof, secret } from '../gateway.js';
import type { Row } from '../prove.js';
import { selfSignedCertificate } from '../self-signed-certificate.js';
import type { Asked, Stage, StageSetting } from '../stage.js';

const behind = (trustedHeaders: TrustedHeadersOptions): StageSetting => ({
  options: { dpop: {}, mtls: { source: 'header' }, trustedHeaders },
});
const fromHere = behind({ cidrs: ['127.0.0.0/8'] });
const bySecret = behind({ secretHeader: 'X-Gateway', secret });

const certificate = async (): Promise<Buffer> => selfSignedCertificate(await SigningKey.generate('ES256'));
const digestOf = (content: Buffer | string, hash = 'sha256'): string =>
  createHash(hash).update(content).digest('base64url');

/** As RFC 9440 has it. */
const item = (der: Buffer): string => `Client-Cert: :${der.toString('base64')}:`;
const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
/** As nginx has it. */
const escaped = (der: Buffer): string => `Client-Cert: ${encodeURIComponent(pemOf(der))}`;

const bound = (stage: Stage, digest: string): Promise<string> =>
  stage.token({ claims: { cnf: { 'x5t#S256': digest } } });

async function good(stage: Stage): Promise<Asked[]> {
  const der = await certificate();
  const token = await bound(stage, digestOf(der));
  return [{ token, lines: [item(der)] }, { token, lines: [escaped(der)] }, { token: await stage.token() }];
}

/** How a token that is bound to a certificate, or to that and a key, is misused. */
export const certificateRows: Row[] = [
  {
    id: 'M01',
    what: 'no certificate, or another one',
    setting: fromHere,
    attack: async (stage) => {
      const [der, other] = await Promise.all([certificate(), certificate()]);
      const token = await bound(stage, digestOf(der));
      return [{ token }, { token, lines: [item(other)] }, { token, lines: [item(der), item(other)] }];
    },
    answer: invalid('claims'),
    neighbour: good,
  },
  {
    id: 'M01',
    what: 'a token that was remembered with its certificate, without it',
    setting: fromHere,
    attack: async (stage) => {
      const der = await certificate();
      const token = await bound(stage, digestOf(der));
      for (let times = 0; times < 2; times++) await stage.expect({ token, lines: [item(der)] }, { status: 200 });
      return { token };
    },
    answer: invalid('claims'),
    neighbour: good,
  },
  {
    id: 'M01',
    what: 'what is no certificate',
    setting: fromHere,
    attack: async (stage) => {
      const der = await certificate();
      const token = await bound(stage, digestOf(der));
      const base64 = der.toString('base64');
      const odd = ['', ':', '::', base64, `:${base64}`, `:${base64}:;a`, `:${base64}:, :${base64}:`, `"${base64}"`];
      const junk = Buffer.concat([der, Buffer.from('junk')]);
      const values = [...odd, `:${junk.toString('base64')}:`, pemOf(der).replaceAll('\n', ' ').slice(0, 60), '%ff%fe'];
      return values.map((value) => ({ token, lines: [`Client-Cert: ${value}`] }));
    },
    answer: invalid('claims'),
    neighbour: good,
  },
  {
    id: 'M02',
    what: 'a certificate that somebody else than the gateway wrote',
    setting: behind({ cidrs: ['10.0.0.0/8'] }),
    attack: async (stage) => {
      const der = await certificate();
      const token = await bound(stage, digestOf(der));
      return [item(der), escaped(der)].map((line) => ({ token, lines: [line, 'X-Forwarded-For: 10.0.0.1'] }));
    },
    answer: invalid('claims'),
  },
  {
    id: 'M02',
    what: 'a certificate without the secret of the gateway, or with another',
    setting: bySecret,
    attack: async (stage) => {
      const der = await certificate();
      const token = await bound(stage, digestOf(der));
      return [
        { token, lines: [item(der)] },
        { token, lines: [item(der), `${proof}!`] },
      ];
    },
    answer: invalid('claims'),
    neighbour: async (stage) => {
      const der = await certificate();
      return { token: await bound(stage, digestOf(der)), lines: [item(der), proof] };
    },
  },
  {
    id: 'M03',
    what: 'a digest of the PEM form, of another kind, in another spelling, or of the key alone',
    setting: fromHere,
    attack: async (stage) => {
      const key = await SigningKey.generate('ES256');
      const der = selfSignedCertificate(key);
      const digests = [
        digestOf(pemOf(der)),
        digestOf(der, 'sha1'),
        digestOf(der, 'sha512'),
        `${digestOf(der)}=`,
        createHash('sha256').update(der).digest('base64'),
        createHash('sha256').update(der).digest('hex'),
        digestOf(key.publicKey.export({ format: 'der', type: 'spki' })),
      ];
      return Promise.all(digests.map(async (digest) => ({ token: await bound(stage, digest), lines: [item(der)] })));
    },
    answer: invalid('claims'),
    neighbour: good,
  },
];

/** P16: a token that is bound to both. */
export const doublyBoundRows: Row[] = [
  {
    id: 'P16',
    what: 'the proof of the key without the certificate',
    setting: fromHere,
    attack: async (stage) => {
      const [der, other] = await Promise.all([certificate(), certificate()]);
      const client = await BoundClient.of(stage, {}, { 'x5t#S256': digestOf(der) });
      return [client.asked(), client.asked({}, { lines: [item(other)] })];
    },
    answer: invalidBound,
    neighbour: async (stage) => {
      const der = await certificate();
      const client = await BoundClient.of(stage, {}, { 'x5t#S256': digestOf(der) });
      return client.asked({}, { lines: [item(der)] });
    },
  },
  {
    id: 'P16',
    what: 'the certificate without the proof of the key',
    setting: fromHere,
    attack: async (stage) => {
      const der = await certificate();
      const client = await BoundClient.of(stage, {}, { 'x5t#S256': digestOf(der) });
      await stage.expect({ token: client.token, lines: [item(der)] }, invalid('claims'));
      return client.askedWith([], { lines: [item(der)] });
    },
    answer: badProof,
    neighbour: good,
  },
];
