// How one signs in: the password, the address, the second factor, and where one is signed in now.

import { actButton } from '../page/act.js';
import { appSetup } from '../page/app-setup.js';
import { confirm } from '../page/confirm.js';
import { element, find } from '../page/dom.js';
import { askBySheet, field } from '../page/form-sheet.js';
import { moment, relative } from '../page/format.js';
import { factors, recently } from '../page/reauthenticate.js';
import { showSecret } from '../page/secret.js';
import { session } from '../session/session.js';
import { clientName } from './client-name.js';

const FACTOR = '/api/users/me/second-factor';
const CODES = 'Each of these signs in once in place of the app. They are shown this once.';

const status = find('#status');
const sessions = find('#session-list');
const more = find('#more-sessions');
let hasSecondFactor = false;
let after = null;

find('#change-password').addEventListener('click', () => run(changePassword));
find('#change-email').addEventListener('click', () => run(changeEmail));
find('#end-others').addEventListener('click', () => run(endOthers));
more.addEventListener('click', () => run(addSessions));

export async function showSecurity() {
  find('#email').textContent = session.user.email;
  find('#email-state').textContent = session.user.isConfirmed ? 'Confirmed' : 'Not confirmed yet';
  await showFactor();
  await showSessions();
}

async function showFactor() {
  hasSecondFactor = (await (await session.send('GET', FACTOR)).json()).isOn;
  find('#factor-state').textContent = hasSecondFactor ? 'On' : 'Off';
  find('#factor').dataset.on = String(hasSecondFactor);
  find('#factor-buttons').replaceChildren(...(hasSecondFactor
    ? [button('New recovery codes', 'quiet', renewCodes), button('Turn it off', 'quiet danger', turnOff)]
    : [button('Turn it on', 'primary', turnOn)]));
}

async function turnOn() {
  const enrolment = await recently(async () => (await session.send('POST', FACTOR)).json());
  if (!enrolment) return;
  const given = await askBySheet({
    heading: 'Set up your authenticator app',
    act: 'Turn it on',
    fields: [
      appSetup(enrolment),
      field('The code that the app shows', element('input', { type: 'text', name: 'code', required: true, maxLength: 6, inputMode: 'numeric', autocomplete: 'one-time-code' })),
    ],
    send: ({ elements }) => session.send('POST', `${FACTOR}/confirm`, { json: { code: elements.code.value } }),
  });
  if (!given) return;
  await showSecret(given.recoveryCodes, CODES, 'Keep your recovery codes');
  await showFactor();
}

async function renewCodes() {
  const answer = await recently(async () => (await session.send('POST', `${FACTOR}/recovery-codes`)).json());
  if (answer) await showSecret(answer.recoveryCodes, `${CODES} Those of before are of no use any more.`, 'Keep your recovery codes');
}

async function turnOff() {
  const text = 'Your password alone signs in then, and the recovery codes are of no use any more. Where your role needs a second factor, you are signed out and set up another one.';
  if (!await confirm({ heading: 'Turn the second factor off?', text, act: 'Turn it off' })) return;
  if (await recently(() => session.send('DELETE', FACTOR))) await showFactor();
}

async function changePassword() {
  const password = (name, label, autocomplete, properties = {}) =>
    field(label, element('input', { type: 'password', name, required: true, maxLength: 256, autocomplete, ...properties }));
  const changed = await askBySheet({
    heading: 'Change your password',
    act: 'Change it',
    fields: [
      password('current', 'The password that is', 'current-password'),
      password('next', 'The new one, of at least 8 characters', 'new-password', { minLength: 8 }),
    ],
    send: ({ elements }) => session.send('POST', '/api/auth/password', { json: { currentPassword: elements.current.value, newPassword: elements.next.value } }),
  });
  if (!changed) return;
  await showSessions();
  status.textContent = 'Your password is changed, and every other session is over.';
}

async function changeEmail() {
  const asked = await askBySheet({
    heading: 'Change your address',
    act: 'Send the link',
    fields: [
      field('The new address', element('input', { type: 'email', name: 'email', required: true, maxLength: 254, autocomplete: 'email' })),
      ...factors(hasSecondFactor),
    ],
    send: ({ elements }) => session.send('POST', '/api/auth/email', {
      json: { email: elements.email.value.trim(), password: elements.password.value, code: elements.code?.value },
    }),
  });
  if (asked) status.textContent = 'A mail with a link is on its way to the new address. Once it is opened, sign in with that address.';
}

async function showSessions() {
  after = null;
  sessions.replaceChildren();
  await addSessions();
}

async function addSessions() {
  const query = new URLSearchParams({ limit: 20, ...(after ? { after } : {}) });
  const page = await (await session.send('GET', `/api/auth/sessions?${query}`)).json();
  sessions.append(...page.items.map((item) => element('li', { 'data-session': item.id },
    element('div', { class: 'words' },
      element('span', { textContent: clientName(item.client), title: item.client }),
      element('span', { class: 'muted', textContent: `since ${moment(item.createdAt)}` })),
    element('span', { class: 'muted', textContent: item.isCurrent ? 'This one' : `used ${relative(item.usedAt)}` }),
    item.isCurrent ? null : button('End it', 'quiet', () => end(item)))));
  after = page.next;
  more.hidden = !after;
  find('#end-others').hidden = sessions.childElementCount < 2;
}

async function end(item) {
  if (await recently(() => session.send('DELETE', `/api/auth/sessions/${item.id}`))) await showSessions();
}

async function endOthers() {
  if (!await confirm({ heading: 'End every other session?', text: 'Every other browser and device has to sign in again, and what it plays stops.', act: 'End them' })) return;
  if (await recently(() => session.send('DELETE', '/api/auth/sessions'))) await showSessions();
}

async function run(work) {
  status.textContent = '';
  try {
    await work();
  } catch (error) {
    status.textContent = [error.message, error.hint].filter(Boolean).join(' ');
  }
}

const button = (text, kind, act) => actButton(text, kind, status, act);
