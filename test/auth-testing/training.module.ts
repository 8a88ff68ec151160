import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, Module } from '@nestjs/common';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Principal, RequireScopes } from '@nmp/auth';

@Resolver()
class TrainingResolver {
  @Query(() => String)
  @RequireScopes('training:read')
  trainer(@Principal('email') email: string) {
    return email;
  }
}

@WebSocketGateway()
class TrainingGateway {
  @SubscribeMessage('follow')
  @RequireScopes('training:read')
  follow(@Principal('email') follower: string) {
    return { follower };
  }
}

@Controller()
class TrainingMessages {
  @MessagePattern('training.start')
  @RequireScopes('training:write')
  start(@Principal('clientId') startedBy: string) {
    return { startedBy };
  }
}

@Module({
  imports: [GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true, graphiql: false })],
  controllers: [TrainingMessages],
  providers: [TrainingResolver, TrainingGateway],
})
export class TrainingModule {}
