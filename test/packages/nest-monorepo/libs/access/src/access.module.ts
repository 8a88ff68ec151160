import { Module } from '@nestjs/common';
import { AuthModule } from '@nmp/auth';

/** Who may call the applications of this repository: each imports this, and none decides for itself. */
@Module({
  imports: [
    AuthModule.forRootAsync({
      useFactory: () => ({ oidc: { issuer: process.env.OIDC_ISSUER ?? '', clientId: 'nmp-cli', audience: 'shop' } }),
    }),
  ],
})
export class AccessModule {}
