export interface PageSources {
  readonly platform: object;
  readonly example: string;
  readonly optionSources: readonly string[];
  readonly optionProblemsOf: (options: unknown) => readonly string[];
  readonly help: string;
  readonly version: string;
  readonly previous: string;
}
export declare function configurationPage(sources: PageSources): string;
