// A program that starts the identity provider of the packages for itself.
import { DevIdp } from '@nmp/dev-idp';

const idp = await DevIdp.start();
const metadata = await (await fetch(`${idp.issuer}/.well-known/openid-configuration`)).json();
await idp.close();
console.log(metadata.issuer === idp.issuer);
