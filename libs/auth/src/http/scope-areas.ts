import { areaOf } from '@nmp/tokens';
import type { DeclaredRules } from './route-rules.js';

/** The areas whose scopes restrict a token: the configured ones and every area that a scope decorator of the application names. */
export class ScopeAreas {
  private areas: ReadonlySet<string>;
  private named: ReadonlySet<string> = new Set();

  constructor(configured: ReadonlySet<string>) {
    this.areas = configured;
  }

  get known(): ReadonlySet<string> {
    return this.areas;
  }

  /** Every scope that a decorator names. */
  get scopes(): readonly string[] {
    return [...this.named];
  }

  /** Learns the areas of what decorators declare. */
  add(declared: Iterable<DeclaredRules>): void {
    const scopes = [...declared].flatMap((rules) => rules.scopes ?? []).flatMap((requirement) => requirement.scopes);
    this.named = new Set([...this.named, ...scopes]);
    this.areas = new Set([...this.areas, ...scopes.map(areaOf).filter((area) => area !== '')]);
  }
}
