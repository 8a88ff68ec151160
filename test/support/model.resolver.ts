import { Args, Field, Mutation, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { from, OptionalAuth, Principal, Public, RequireAudience, RequirePermissions, RequireScopes } from '@nmp/auth';

/** The handlers that have run, in order. */
export const reached: string[] = [];

@ObjectType()
export class Model {
  @Field()
  name!: string;

  @Field(() => String, { nullable: true })
  secret?: string;
}

/** One handler of each kind. */
@Resolver(() => Model)
export class ModelResolver {
  @Query(() => Model)
  @RequireScopes('models:read')
  model() {
    reached.push('model');
    return { name: 'llama' };
  }

  @Query(() => [Model])
  @Public()
  catalog(@Principal('kind') kind: string) {
    return [{ name: `one of ${kind}` }, { name: 'two' }];
  }

  @Query(() => String)
  @Public()
  health(@Principal('id') id: string) {
    return `up ${id}`;
  }

  @Query(() => String, { nullable: true })
  me(@Principal() principal: Principal) {
    reached.push('me');
    return principal.id;
  }

  @Query(() => String, { nullable: true })
  @OptionalAuth()
  greeting(@Principal() principal: Principal) {
    return `hello ${principal.kind}`;
  }

  @Query(() => String, { nullable: true })
  @OptionalAuth()
  @RequireScopes('models:read')
  optionalScoped() {
    reached.push('optionalScoped');
    return 'in';
  }

  @Query(() => String, { nullable: true })
  @RequireAudience('billing')
  invoices() {
    reached.push('invoices');
    return 'in';
  }

  @Query(() => String, { nullable: true })
  @RequirePermissions('models.delete', { workspace: from.data('workspace') })
  remove(@Args('workspace', { type: () => String, nullable: true }) workspace?: string) {
    reached.push('remove');
    return workspace;
  }

  @Mutation(() => String, { nullable: true })
  @RequireScopes('models:write')
  rename(@Args('name') name: string) {
    reached.push('rename');
    return name;
  }

  @Mutation(() => String, { nullable: true })
  @RequireScopes('models:read')
  tag(@Args('name') name: string) {
    reached.push('tag');
    return name;
  }

  @ResolveField(() => String, { nullable: true })
  owner(@Principal('id') id: string, @Parent() model: Model) {
    reached.push('owner');
    return `${id} owns ${model.name}`;
  }

  @ResolveField(() => String, { nullable: true })
  @Public()
  label(@Principal('kind') kind: string) {
    return kind;
  }

  // Without decorated parameters: Nest calls such a resolver in another way.
  @ResolveField(() => String, { nullable: true })
  @RequireScopes('files:read')
  files(): string {
    reached.push('files');
    return 'all files';
  }

  @ResolveField(() => String, { nullable: true })
  @RequirePermissions('models.delete', { workspace: from.data('workspace') })
  weights(@Args('workspace') workspace: string) {
    reached.push('weights');
    return `of ${workspace}`;
  }

  @ResolveField(() => String, { nullable: true })
  bare(): string {
    reached.push('bare');
    return 'bare';
  }
}
