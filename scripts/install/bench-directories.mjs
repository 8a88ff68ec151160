/** Where the benchmarks' packages are: their own tools, and the peers that take no Nest as new as the project's. */
export const benchDirectories = ['bench', 'bench/nest-keycloak-connect', 'bench/nest-oidc'];
