import { readFile } from 'node:fs/promises';

/** The code blocks of one language in a Markdown file. */
export async function readmeBlocks(path: string, language: string): Promise<string[]> {
  const text = await readFile(path, 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code]) => code ?? '',
  );
}
