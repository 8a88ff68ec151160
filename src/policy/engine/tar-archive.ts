import { Buffer } from 'node:buffer';

/** A file of an archive. */
export interface ArchivedFile {
  readonly path: string;
  readonly content: string;
}

const blockSize = 512;
/** Two empty blocks end an archive. */
const end = Buffer.alloc(2 * blockSize);

/**
 * Packs files into a tar archive that is the same, byte by byte, for the same files: no owner, no time, one mode.
 * @throws {RangeError} for a path that does not fit its field
 * @see POSIX.1-1988 ustar
 */
export function tarArchive(files: readonly ArchivedFile[]): Buffer {
  const blocks = files.flatMap(({ path, content }) => {
    const bytes = Buffer.from(content);
    return [header(path, bytes.length), bytes, Buffer.alloc((blockSize - (bytes.length % blockSize)) % blockSize)];
  });
  return Buffer.concat([...blocks, end]);
}

function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(blockSize);
  if (Buffer.byteLength(path) > 100) throw new RangeError(`the path is too long for an archive: ${path}`);
  block.write(path, 0);
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  // The sum is taken with its own field full of spaces.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
