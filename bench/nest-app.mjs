/**
 * Makes the function that starts applications, for whichever version of Nest is given: peers that take an older one
 * bring their own.
 *
 * @param {{
 *   Controller: Function, Get: Function, Module: Function, NestFactory: { create: Function },
 *   adapters: Record<'express' | 'fastify', () => Promise<unknown>>,
 * }} nest
 */
export function nestAppStarter({ Controller, Get, Module, NestFactory, adapters }) {
  /**
   * Starts a Nest application with one route, guarded by whatever is given.
   *
   * @param {'express' | 'fastify'} adapter
   * @param {{ imports?: unknown[], providers?: unknown[], guards?: unknown[], decorators?: MethodDecorator[], middleware?: unknown }} parts
   *   `guards` stand before the whole application, `decorators` on the handler
   * @returns {Promise<string>} its URL
   */
  return async function startNestApp(
    adapter,
    { imports = [], providers = [], guards = [], decorators = [], middleware } = {},
  ) {
    class ItemsController {
      list(caller) {
        return { owner: caller?.email, items: [] };
      }
    }
    // The decorators are applied by hand: this file runs as it is, without a compiler.
    const descriptor = Object.getOwnPropertyDescriptor(ItemsController.prototype, 'list');
    for (const decorator of [...decorators, Get('items')]) decorator(ItemsController.prototype, 'list', descriptor);
    Controller()(ItemsController);

    class ItemsModule {}
    Module({ imports, providers, controllers: [ItemsController] })(ItemsModule);
    const app = await NestFactory.create(ItemsModule, await adapters[adapter](), { logger: ['error'] });
    app.useGlobalGuards(...guards);
    if (middleware) app.use(middleware);
    await app.listen(0, '127.0.0.1');
    return `${await app.getUrl()}/items`;
  };
}
