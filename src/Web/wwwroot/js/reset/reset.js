// A new password for whoever has forgotten theirs: first the address, then, with the link of the mail, the password.

import { find } from '../page/dom.js';
import { onSend, takeLinkToken } from '../page/link-token.js';
import { send } from '../session/api.js';

const [ask, choose, status, onward] = [find('#ask'), find('#choose'), find('#status'), find('#onward')];
const token = takeLinkToken();
ask.hidden = token !== null;
choose.hidden = token === null;

onSend(ask, status, async (fields) => {
  await send('POST', '/api/auth/password/forgotten', { json: { email: fields.get('email').trim() } });
  ask.hidden = true;
  status.textContent = 'If this address has an account, a mail with a link is on its way.';
});

onSend(choose, status, async (fields) => {
  try {
    await send('POST', '/api/auth/password/reset', { json: { token, password: fields.get('password') } });
  } catch (error) {
    if (error.code !== 'invalid_link') throw error;
    choose.hidden = true;
    ask.hidden = false;
    status.textContent = error.message;
    return;
  }
  choose.hidden = true;
  onward.hidden = false;
  status.textContent = 'Your password is set, and every session of your account is over. Sign in with it.';
});
