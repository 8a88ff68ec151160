const longToken = /\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g;

/** Prints what the demo does and what really came back; no token is ever printed whole. */
export class Transcript {
  #steps = 0;

  heading(text) {
    this.#steps += 1;
    console.log(`\n── ${this.#steps}. ${text}`);
  }

  command(words) {
    console.log(`$ ${words.join(' ')}`);
  }

  line(text) {
    console.log(withoutTokens(text));
  }

  /** @param {Response} response */
  response(response, body) {
    this.line(`HTTP ${response.status} ${response.statusText}`);
    const challenge = response.headers.get('www-authenticate');
    if (challenge) this.line(`WWW-Authenticate: ${challenge}`);
    this.line(body);
  }

  get steps() {
    return this.#steps;
  }
}

function withoutTokens(text) {
  return text.replaceAll(longToken, (token) => `${token.slice(0, 10)}…(${token.length} characters)`);
}
