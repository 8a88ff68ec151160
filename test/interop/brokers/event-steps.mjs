import { deepEqual, equal } from 'node:assert/strict';

/** Events, whose senders wait for no answer. */
export const eventSteps = {
  'an event with a good token reaches its handler': async (line) => {
    const { principal } = await line.untilArrived(
      await line.tell(line.patterns.trained, [await line.world.bearer({ subject: 'alice' })]),
    );
    equal(principal.id, 'alice');
  },

  'refused events reach none, and the ones behind them do': async (line) => {
    const { world, patterns, service } = line;
    const handled = () => service.arrivals.filter(({ pattern }) => pattern === patterns.trained).length;
    service.arrivals.length = 0;
    const bad = [
      [],
      [await world.bearer({ expiresInSeconds: -600 })],
      [await world.bearer({ key: world.foreignKey })],
      [['authorization', 'Basic bm9ib2R5']],
    ];
    for (const headers of bad) await line.tell(patterns.trained, headers);
    for (const count of [1, 2]) {
      await line.untilArrived(await line.tell(patterns.trained, [await world.bearer()]));
      equal(handled(), count);
    }
    await line.answered(patterns.whoami, [await world.bearer()]);
    equal(handled(), 0);
  },

  'an event of which nobody can tell is not handled before somebody can': async (line) => {
    const { world, patterns, service } = line;
    const authorization = `Bearer ${await world.unsteadyIssuer.accessToken({ audience: 'nmp-platform', subject: 'alice' })}`;
    service.arrivals.length = 0;
    await line.tell(patterns.trained, [['authorization', authorization]]);
    await line.refused('issuer_unavailable', patterns.whoami, [['authorization', authorization]]);
    deepEqual(service.arrivals, []);
    world.unsteadyIssuer.recover();
    // A broker that keeps events hands the same one out again; what the others have handed out is gone.
    const expected = line.kind.name === 'kafka' ? 2 : 1;
    await line.untilAnswered(patterns.whoami, [['authorization', authorization]]);
    await line.untilArrived(await line.tell(patterns.trained, [['authorization', authorization]]));
    equal(service.arrivals.filter(({ pattern }) => pattern === patterns.trained).length, expected);
  },

  'a request that is sent as an event is guarded, too': async (line) => {
    const { world, patterns, service } = line;
    service.arrivals.length = 0;
    await line.tell(patterns.whoami, []);
    await line.tell(patterns.whoami, [await world.bearer({ expiresInSeconds: -600 })]);
    await line.untilArrived(await line.tell(patterns.whoami, [await world.bearer({ subject: 'alice' })]));
    equal(service.arrivals.length, 1);
  },
};
