import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { Principal, RequireScopes } from '@nmp/auth';
import { type Ask, requireGuarded } from './notes.js';

@Resolver()
class NotesResolver {
  @RequireScopes('notes:read')
  @Query(() => String)
  notes(@Principal('id') id: string) {
    return `notes of ${id}`;
  }
}

interface Answer {
  readonly data?: { readonly notes: string } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly reason?: string } }[];
}

const ask: Ask = async (url, token) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query: '{ notes }' }),
  });
  const { data, errors } = (await response.json()) as Answer;
  return errors?.[0]?.extensions?.reason ?? errors?.[0]?.message ?? data?.notes;
};

async function main(): Promise<void> {
  const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true });
  await requireGuarded({ imports: [graphql], providers: [NotesResolver] }, ask, { answer: 'notes of alice' });
}

// A rejection ends the process with exit code 1 and the difference.
void main();
