/** The administration of the realm `nmp`. */
export class KeycloakAdmin {
  #url;
  #account;
  #keys = 0;

  /**
   * @param {string} url of the server
   * @param {{ username: string, password: string }} account an administrator's
   */
  constructor(url, account) {
    this.#url = url;
    this.#account = account;
  }

  /** @param {object} difference settings of the realm */
  async changeRealm(difference) {
    await this.#send('PUT', '', difference);
  }

  /** @param {object} difference settings of a client */
  async changeClient(clientId, difference) {
    const [client] = await this.#send('GET', `/clients?clientId=${clientId}`);
    await this.#send('PUT', `/clients/${client.id}`, { ...client, ...difference });
  }

  /** Makes a new key that signs from now on; those before go on verifying. */
  async addKey() {
    this.#keys += 1;
    await this.#send('POST', '/components', {
      name: `signing key ${this.#keys}`,
      providerId: 'rsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      config: { priority: [String(1000 + this.#keys)], algorithm: ['RS256'], enabled: ['true'], active: ['true'] },
    });
  }

  async #send(method, path, body) {
    const headers = { authorization: `Bearer ${await this.#token()}`, 'content-type': 'application/json' };
    const init = { method, headers, body: body && JSON.stringify(body) };
    const answer = await fetch(`${this.#url}/admin/realms/nmp${path}`, init);
    if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status} ${await answer.text()}`);
    return method === 'GET' ? answer.json() : undefined;
  }

  async #token() {
    const body = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...this.#account });
    const answer = await fetch(`${this.#url}/realms/master/protocol/openid-connect/token`, { method: 'POST', body });
    const { access_token: token } = await answer.json();
    return token;
  }
}
