import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const container = JSON.parse(read('.devcontainer/devcontainer.json')) as {
  image: string;
  postCreateCommand: string;
  forwardPorts: number[];
  portsAttributes: Record<string, { label: string }>;
  customizations: { vscode: { settings: Record<string, unknown> } };
};

describe('the dev container', () => {
  it('has the Node of the Dockerfile, without naming a registry', () => {
    const [, version] = /^ARG NODE_IMAGE=node:(\d+)/m.exec(read('Dockerfile')) ?? [];

    expect(container.image).toMatch(new RegExp(`^node:${version}-[a-z]+$`));
  });

  it('forwards the ports of the quickstart, each with its name', () => {
    const { stdout } = spawnSync(process.execPath, [join(root, 'scripts', 'quickstart.mjs'), '--help'], {
      encoding: 'utf8',
    });
    const ports = [...stdout.matchAll(/--(?:idp-)?port N .*\((\d+)\)/g)].map(([, port]) => Number(port));

    expect(container.forwardPorts).toEqual(ports);
    expect(Object.keys(container.portsAttributes).map(Number)).toEqual(ports);
    expect(Object.values(container.portsAttributes).every(({ label }) => label !== '')).toBe(true);
  });

  it('runs only scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const said = [container.postCreateCommand, ...Object.values(container.customizations.vscode.settings)].join('\n');
    const called = [...said.matchAll(/npm run (\S+)/g)].map(([, name]) => name);

    expect(called).not.toEqual([]);
    for (const name of called) expect(Object.keys(scripts)).toContain(name);
    expect(container.postCreateCommand).toMatch(/^npm ci\b/);
  });
});

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
