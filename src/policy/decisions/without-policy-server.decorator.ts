import { Reflector } from '@nestjs/core';

/** What a policy server needs before it can decide anything: it is not asked about it. */
export const WithoutPolicyServer = Reflector.createDecorator<true>({ transform: () => true });
