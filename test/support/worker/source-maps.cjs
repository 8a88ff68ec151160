const { fileURLToPath } = require('node:url');

/** Where the source map of a module is, by the name that stack traces give the module: found when somebody asks. */
exports.SourceMaps = class SourceMaps extends Map {
  #transformer;

  constructor(transformer) {
    super();
    this.#transformer = transformer;
  }

  get(source) {
    if (!super.has(source) && source.startsWith('file:') && source.endsWith('.ts')) {
      const { sourceMapPath } = this.#transformer.transform(fileURLToPath(source), { supportsStaticESM: true });
      super.set(source, sourceMapPath);
    }
    return super.get(source);
  }
};
