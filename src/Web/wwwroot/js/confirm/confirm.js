// Where the link of a confirmation leads. A button, not the mere visit, spends it: programs that look at the links of mails would spend it else.

import { find } from '../page/dom.js';
import { onSend, takeLinkToken } from '../page/link-token.js';
import { send } from '../session/api.js';

const [form, again, status, onward] = [find('#confirm'), find('#again'), find('#status'), find('#onward')];
const token = takeLinkToken();

if (token) onSend(form, status, confirm);
else offerAgain('Open the link of the mail, or ask for another one.');
onSend(again, status, async (fields) => {
  await send('POST', '/api/auth/confirmation', { json: { email: fields.get('email').trim() } });
  again.hidden = true;
  status.textContent = 'If this address waits to be confirmed, a mail is on its way.';
});

async function confirm() {
  try {
    await send('POST', '/api/auth/confirm', { json: { token } });
  } catch (error) {
    if (error.code !== 'invalid_link') throw error;
    offerAgain(error.message);
    return;
  }
  form.hidden = true;
  onward.hidden = false;
  status.textContent = 'Your address is confirmed. You can sign in now.';
}

function offerAgain(reason) {
  form.hidden = true;
  again.hidden = false;
  status.textContent = reason;
}
