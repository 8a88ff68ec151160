import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { root } from '../../../scripts/process/root.mjs';
import { runCommand } from '../../../scripts/process/run-command.mjs';
import { succeed } from '../../../scripts/process/succeed.mjs';
import { buildContext } from './build-context.mjs';
import { instructionsOf, parseDockerfile } from './dockerfile.mjs';
import { ownHome, prepareRoot, readOnlyBut, sandboxed } from './sandbox.mjs';

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * What a Dockerfile makes, made without an engine: every stage is a folder, files are copied as COPY says, and RUN runs in
 * that folder as its root. In the place of the base image there are the programs of this machine, with its Node.
 */
export class Image {
  #stages = [];
  #directory;
  #files = buildContext(root);

  constructor(directory) {
    this.#directory = directory;
  }

  /**
   * @param {string} directory an empty one, which everybody may look into
   * @throws {Error} with what a command said that failed
   */
  static async build(directory) {
    const image = new Image(directory);
    const { stages } = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
    for (const stage of stages) await image.#buildStage(stage);
    return image;
  }

  /** The root of the finished image. */
  get folder() {
    return this.#last.folder;
  }

  /** What stands in the image of how it is run. */
  get settings() {
    const { stage, env, cwd } = this.#last;
    const last = (name) => instructionsOf(stage, name).at(-1);
    return {
      env,
      cwd,
      user: last('USER').text,
      command: last('CMD').list,
      healthCheck: last('HEALTHCHECK').list,
      volumes: instructionsOf(stage, 'VOLUME').map(({ text }) => text),
    };
  }

  /**
   * The command that runs a program of the image as `docker run --read-only` would: nothing but its volumes is writable.
   *
   * @param {readonly string[]} args
   * @param {Record<string, string>} more variables
   */
  run(args, more) {
    const { env, cwd, user, volumes } = this.settings;
    return sandboxed(this.folder, { args, cwd, user, env: { ...env, ...more }, mounts: readOnlyBut(volumes) });
  }

  get #last() {
    return this.#stages.at(-1);
  }

  async #buildStage(stage) {
    const folder = join(this.#directory, String(this.#stages.length));
    const before = this.#stages.find(({ stage: { name } }) => name !== '' && name === stage.base);
    if (before === undefined) {
      mkdirSync(folder);
      prepareRoot(folder);
    } else {
      copyAll(before.folder, folder);
    }
    const made = { stage, folder, cwd: before?.cwd ?? '/', env: { PATH: path, ...before?.env } };
    this.#stages.push(made);
    for (const { name, flags, text } of stage.instructions) {
      if (name === 'WORKDIR') this.#enter(made, text);
      else if (name === 'ENV') made.env = { ...made.env, ...variablesOf(text) };
      else if (name === 'COPY') this.#copy(made, flags, text.split(/\s+/));
      else if (name === 'RUN') await this.#run(made, text);
    }
  }

  #enter(made, place) {
    made.cwd = place;
    mkdirSync(join(made.folder, place), { recursive: true });
  }

  async #run({ folder, cwd, env }, text) {
    const home = ownHome();
    const what = { args: ['sh', '-c', text], cwd, env: { ...env, ...home.env }, mounts: home.mounts };
    const { command, args } = sandboxed(folder, what);
    await succeed(runCommand(command, args, { capture: true }));
  }

  #copy(made, { from }, words) {
    const sources = words.slice(0, -1);
    const target = posix.resolve(made.cwd, words.at(-1));
    const isFolder = words.at(-1).endsWith('/');
    for (const source of sources) {
      const place = (name) => join(made.folder, isFolder ? posix.join(target, name) : target);
      if (from === undefined) this.#copyOfContext(source, place);
      else copyAll(join(this.#stages.find(({ stage }) => stage.name === from).folder, source), place(basename(source)));
    }
  }

  #copyOfContext(source, place) {
    const isFile = statSync(join(root, source)).isFile();
    const files = this.#files.filter((file) => file === source || file.startsWith(`${source}/`));
    if (files.length === 0) throw new Error(`COPY ${source}: .dockerignore leaves nothing of it`);
    for (const file of files) {
      const target = isFile ? place(basename(file)) : join(place(''), file.slice(source.length + 1));
      copyAll(join(root, file), target);
    }
  }
}

function copyAll(source, target) {
  mkdirSync(dirname(target), { recursive: true });
  execFileSync('cp', ['--archive', '--no-target-directory', source, target]);
}

function variablesOf(text) {
  const [, name, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
  return { [name]: value };
}
