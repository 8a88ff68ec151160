import { Agent, fetch } from 'undici';

/** A host name that can be made unknown, and a `fetch` that looks it up here. */
export function unresolvableHost() {
  let isKnown = true;
  const lookup = (name, { all }, done) => {
    if (!isKnown) done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }));
    else if (all) done(null, [{ address: '127.0.0.1', family: 4 }]);
    else done(null, '127.0.0.1', 4);
  };
  const dispatcher = new Agent({ connect: { lookup } });
  return {
    host: 'idp.example.com',
    fetch: (url, init) => fetch(url, { ...init, dispatcher }),
    begin: ({ network }) => {
      isKnown = false;
      network.reset(); // a connection that is there needs no name
    },
    end: () => {
      isKnown = true;
    },
  };
}
