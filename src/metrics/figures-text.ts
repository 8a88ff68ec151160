import type { Registry } from 'prom-client';

/** The figures as text, made once for all who ask before it is there. */
export class FiguresText {
  private making: Promise<string> | undefined;

  constructor(private readonly registry: Pick<Registry, 'metrics'>) {}

  read(): Promise<string> {
    this.making ??= this.registry.metrics().finally(() => (this.making = undefined));
    return this.making;
  }
}
