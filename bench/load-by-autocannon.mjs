// Makes load with autocannon: `load-by-autocannon.mjs URL TOKENS-FILE SECONDS CONNECTIONS`; prints JSON.
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const [url, tokensFile, seconds, connections] = process.argv.slice(2);
const tokens = readFileSync(tokensFile, 'utf8').trimEnd().split('\n');

// A part of the tokens for each connection: given all of them, each connection would begin with the first, and a token
// that one has brought would be known when the others bring it.
const part = Math.ceil(tokens.length / Number(connections));
let begun = 0;

const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(seconds),
  setupClient(client) {
    const first = (begun * part) % tokens.length;
    begun += 1;
    const own = tokens.slice(first, first + part);
    client.setRequests(own.map((token) => ({ method: 'GET', headers: { authorization: `Bearer ${token}` } })));
  },
});

const problem =
  result.non2xx > 0 || result.errors > 0
    ? `${result.non2xx} answers were not 200, ${result.errors} requests failed`
    : undefined;
console.log(JSON.stringify({ rate: result['2xx'] / result.duration, problem }));
