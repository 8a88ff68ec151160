/** Where a program says the platform's address. `nemo`, whose option it is, puts that in the place of the first. */
export const addressSources = 'baseUrl, or NMP_BASE_URL';
