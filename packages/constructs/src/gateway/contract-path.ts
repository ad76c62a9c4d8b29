/** Where the contract of all endpoints behind a gateway is read. */
export const contractPath = '/openapi.json';
