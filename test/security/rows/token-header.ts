import { accepted, badRequest, noCredentials, refusedByParser } from '../answers.js';
import type { Row } from '../prove.js';
import type { Asked, Stage } from '../stage.js';

const lines = (...written: string[]): Asked => ({ lines: written });

/** Header lines that each carry a good token in another way. */
async function written(stage: Stage, ...forms: ((token: string) => string)[]): Promise<Asked[]> {
  const token = await stage.token();
  return forms.map((form) => lines(`Authorization: ${form(token)}`));
}

/** How the token stands in the Authorization header. */
export const headerRows: Row[] = [
  { id: 'T01', what: 'no Authorization header', attack: () => lines(), answer: noCredentials },
  {
    id: 'T02',
    what: 'Basic credentials',
    attack: () => lines('Authorization: Basic dXNlcjpwYXNzd29yZA=='),
    answer: noCredentials,
  },
  {
    id: 'T03',
    what: 'the scheme in other letter cases is accepted',
    attack: (stage) =>
      written(
        stage,
        (token) => `bearer ${token}`,
        (token) => `BEARER ${token}`,
        (token) => `BeArEr ${token}`,
      ),
    answer: accepted,
  },
  {
    id: 'T04',
    what: 'the scheme alone, or before an empty token, is a malformed request',
    attack: () => [lines('Authorization: Bearer'), lines('Authorization: Bearer ')],
    answer: badRequest,
  },
  {
    id: 'T05',
    what: 'two spaces, a tab, a no-break space between scheme and token',
    attack: (stage) =>
      written(
        stage,
        (token) => `Bearer  ${token}`,
        (token) => `Bearer\t${token}`,
        (token) => `Bearer \t${token}`,
        (token) => `Bearer\u00A0${token}`,
      ),
    answer: badRequest,
  },
  {
    id: 'T06',
    what: 'blanks and tabs around the value are no part of it, for any HTTP parser',
    attack: (stage) =>
      written(
        stage,
        (token) => `   Bearer ${token}`,
        (token) => `\tBearer ${token}`,
        (token) => `Bearer ${token} \t`,
      ),
    answer: accepted,
  },
  {
    id: 'T06',
    what: 'any other space before the scheme makes another scheme of it',
    attack: (stage) => written(stage, (token) => `\u00A0Bearer ${token}`),
    answer: noCredentials,
  },
  {
    id: 'T06',
    what: 'a blank after the name',
    attack: async (stage) => lines(`Authorization : Bearer ${await stage.token()}`),
    answer: refusedByParser,
  },
  {
    id: 'T07',
    what: 'something after the token, or a list of credentials',
    attack: (stage) =>
      written(
        stage,
        (token) => `Bearer ${token} extra`,
        (token) => `Bearer ${token}, Bearer ${token}`,
        (token) => `Bearer ${token},`,
        (token) => `Bearer ${token}, Basic dXNlcjpwYXNz`,
      ),
    answer: badRequest,
  },
  {
    id: 'T08',
    what: 'characters that no token has',
    attack: (stage) =>
      written(
        stage,
        (token) => `Bearer "${token}"`,
        (token) => `Bearer {${token}}`,
        (token) => `Bearer ${token}é`,
        (token) => `Bearer ${token}%00`,
        (token) => `Bearer ${token};x`,
      ),
    answer: badRequest,
  },
  {
    id: 'T09',
    what: 'a scheme that begins like ours',
    attack: (stage) =>
      written(
        stage,
        (token) => `BearerTokenEvil ${token}`,
        (token) => `BearerX ${token}`,
        (token) => `Bearer${token}`,
        (token) => `Bearer:${token}`,
      ),
    answer: noCredentials,
  },
  {
    id: 'T10',
    what: 'a token without a scheme, or with another one',
    attack: (stage) =>
      written(
        stage,
        (token) => token,
        (token) => `JWT ${token}`,
        (token) => `Token ${token}`,
        (token) => `DPoP ${token}`,
        (token) => `Negotiate ${token}`,
      ),
    answer: noCredentials,
  },
  {
    id: 'T11',
    what: 'two Authorization headers',
    attack: async (stage) => {
      const [line, empty] = [`Authorization: Bearer ${await stage.token()}`, 'Authorization:'];
      const basic = 'authorization: Basic dXNlcjpwYXNz';
      return [lines(line, line), lines(line, basic), lines(basic, line), lines(line, empty), lines(basic, basic)];
    },
    answer: badRequest,
    neighbour: async (stage) => lines(`authorization: Bearer ${await stage.token()}`),
  },
];
