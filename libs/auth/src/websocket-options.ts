import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { IsWholeNumberOf } from './option-constraints.js';

/** What becomes of a connection when its token expires: it is closed, or its client is asked for another token first. */
export type SocketExpiry = 'close' | 'ask';

/** How long the sessions of WebSockets last, and how often their token is verified. */
export class WebSocketOptions {
  /** `close` ends a connection when its token expires, `ask` asks its client for another one before. @default close */
  @IsOptional()
  @IsIn(['close', 'ask'], { message: 'must be "close" or "ask"' })
  onExpiry?: SocketExpiry;

  /** With `ask`: how long a connection whose token has expired stays open for another one, refusing its messages, in seconds. @default 30 */
  @IsOptional()
  @IsWholeNumberOf('seconds', 0, 3600)
  graceSeconds?: number;

  /** Verify the token at every message as at every request: revocations and withdrawn keys end connections. @default false */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  verifyEachMessage?: boolean;
}
