export interface Instruction {
  readonly name: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly text: string;
  readonly list: readonly string[] | undefined;
}

export interface Stage {
  readonly base: string;
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

export function parseDockerfile(text: string): { readonly stages: readonly Stage[] };
export function instructionsOf(stage: Stage, name: string): Instruction[];
