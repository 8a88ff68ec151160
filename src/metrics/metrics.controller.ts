import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@nmp/auth';
import { Registry } from 'prom-client';
import { FiguresText } from './figures-text.js';

/** Figures about the service. No one is named in them, and nothing that a client has written. */
@Public()
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  private readonly text: FiguresText;

  constructor(@Inject(Registry) registry: Registry) {
    this.text = new FiguresText(registry);
  }

  @Get()
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  read(): Promise<string> {
    return this.text.read();
  }
}
