// Where no page is: the header leads on, and says who is signed in.

import { showHeader } from '../page/header.js';
import { session } from '../session/session.js';

const showAccount = showHeader();
await session.restore();
showAccount();
