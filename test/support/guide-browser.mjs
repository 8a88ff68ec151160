#!/usr/bin/env node
// The browser of the guides' readers: opens a page of the development identity provider, and signs in there.
import { approveDeviceLogin } from '../../scripts/quickstart/approve-device-login.mjs';
import { FormBrowser } from '../../libs/dev-idp/dist/index.js';

const [, , url] = process.argv;
const { GUIDE_LOGIN: login, GUIDE_PASSWORD: password } = process.env;
const userCode = new URL(url).searchParams.get('user_code') ?? '';
await approveDeviceLogin(new FormBrowser(), url, { userCode, login, password });
