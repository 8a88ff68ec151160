import type { DirEntry, Tree } from '@angular-devkit/schematics';

/** All TypeScript files below a folder, without what is installed or built. */
export function sourceFiles(tree: Tree, folder: string): string[] {
  return filesOf(tree.getDir(folder)).map((path) => path.replace(/^\//, ''));
}

function filesOf(directory: DirEntry): string[] {
  const own = directory.subfiles
    .filter((name) => /(?<!\.d)\.ts$/.test(name))
    .map((name) => `${directory.path}/${name}`);
  const folders = directory.subdirs.filter((name) => name !== 'node_modules' && name !== 'dist');
  return [...own, ...folders.flatMap((name) => filesOf(directory.dir(name)))];
}
