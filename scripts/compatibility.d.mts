/** What was tried against one counterpart, and when. */
export interface TriedPart {
  readonly name: string;
  readonly version: string;
  readonly kind: 'provider' | 'simulated provider' | 'gateway' | 'dialogues';
  readonly date: string;
  readonly checks: readonly { readonly name: string; readonly result: string; readonly reason?: string }[];
}

export function triedParts(): TriedPart[];
export function compatibilityPage(parts: readonly TriedPart[]): Promise<string>;
