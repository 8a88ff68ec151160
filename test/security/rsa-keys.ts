import { SigningKey } from '@nmp/auth/testing';

/** An RSA key pair for the rows of one file: making one takes long. */
export const rsaKey = await SigningKey.generate('RS256', 'rsa-1');
