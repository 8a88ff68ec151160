import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from '../process/root.mjs';
import { runCommand } from '../process/run-command.mjs';
import { runNode } from '../process/run-node.mjs';
import { runNpm } from '../process/run-npm.mjs';
import { succeed } from '../process/succeed.mjs';

const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];

/** A new Nest application, beside the project that has Nest's program and our packages among its dependencies. */
export class StartedApp {
  /** @param {string} tools folder of that project */
  constructor(tools) {
    this.tools = tools;
    this.directory = join(dirname(tools), `${basename(tools)}-app`);
  }

  /** Does what `nest new` does, with our packages installed in addition, and these. */
  async create(packages) {
    const args = [
      'new',
      basename(this.directory),
      '--skip-git',
      '--skip-install',
      '--package-manager',
      'npm',
      '--strict',
    ];
    await this.runNest(this.tools, args, dirname(this.directory));
    const { dependencies } = JSON.parse(readFileSync(join(this.tools, 'package.json'), 'utf8'));
    const ours = Object.values(dependencies).filter((range) => range.startsWith('file:'));
    await this.npm('install', ...quietly, ...ours.map((range) => range.slice('file:'.length)), ...packages);
  }

  /** Does what `nest add` does once the package is installed. */
  add(...options) {
    return this.runNest(this.directory, ['add', '@nmp/auth', '--skip-install', ...options], this.directory);
  }

  /** Does what a page says: its blocks of commands, one after another. */
  async follow(page) {
    const text = readFileSync(join(root, page), 'utf8');
    const commands = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block).join('');
    await succeed(runCommand('bash', ['-ec', commands], { cwd: this.directory, capture: true }));
  }

  /** Installs what `package.json` names by now. */
  install() {
    return this.npm('install', ...quietly);
  }

  /** Compiles it and runs its own tests, formatter and linter, none of which may change or report anything. */
  async check(linter) {
    await this.runNest(this.directory, ['build'], this.directory);
    await this.npm('test');
    await this.npm('run', 'test:e2e');
    await this.node('node_modules/prettier/bin/prettier.cjs', '--check', 'src', 'test');
    await this.node(...linter);
  }

  node(...args) {
    return succeed(runNode(args, { cwd: this.directory, capture: true }));
  }

  npm(...args) {
    return succeed(runNpm(args, { cwd: this.directory, capture: true }));
  }

  /** All its own files, by path. */
  files() {
    const own = readdirSync(this.directory, { recursive: true, encoding: 'utf8' }).filter(
      (path) => !/^(?:node_modules|dist)(?:[\\/]|$)|package-lock|tsbuildinfo$/.test(path) && path.includes('.'),
    );
    return new Map(own.toSorted().map((path) => [path, readFileSync(join(this.directory, path), 'utf8')]));
  }

  /** Makes the application have exactly these files. */
  restore(files) {
    for (const path of this.files().keys()) if (!files.has(path)) rmSync(join(this.directory, path));
    for (const [path, text] of files) writeFileSync(join(this.directory, path), text);
  }

  runNest(installed, args, cwd) {
    const program = join(installed, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
    if (!existsSync(program)) throw new Error(`${installed} has no @nestjs/cli`);
    return succeed(runNode([program, ...args], { cwd, capture: true }));
  }
}
