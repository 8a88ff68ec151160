import { Controller, Delete, Module } from '@nestjs/common';
import { AuthConfig, AuthModule, OpaPolicyDecisionPoint, PolicyDecisionPoint } from '@nmp/auth';
import { Principal, RequirePermissions, RequireScopes, WorkspaceScoped } from '@nmp/auth';

@Controller('workspaces/:workspace/reports')
@WorkspaceScoped()
class WorkspaceReportsController {
  @Delete()
  @RequireScopes('reports:write')
  @RequirePermissions('reports.delete')
  remove(@Principal() { id, issuer }: Principal) {
    return { by: id, issuer };
  }
}

@Module({
  imports: [
    AuthModule.forRootAsync({
      useFactory: () => ({
        profile: 'rfc9068',
        oidc: {
          issuer: 'https://idp.example.com/realms/acme',
          clientId: 'reports-web',
          audience: 'https://reports.example.com',
          scopePrefix: 'api://reports/',
          groupsClaim: 'realm_access.roles',
        },
      }),
    }),
  ],
  controllers: [WorkspaceReportsController],
  providers: [
    {
      provide: PolicyDecisionPoint,
      useFactory: (config: AuthConfig) => new OpaPolicyDecisionPoint({ url: 'http://localhost:8181' }, config),
      inject: [AuthConfig],
    },
  ],
})
export class AppModule {}
