// What is kept of the account, as a file; and the way to have none of it kept any more.

import { actButton } from '../page/act.js';
import { element, find } from '../page/dom.js';
import { askBySheet, field } from '../page/form-sheet.js';
import { recently } from '../page/reauthenticate.js';
import { session } from '../session/session.js';

const status = find('#status');

find('#export-buttons').append(
  actButton('What is kept of my account', 'quiet', status, () => save('/api/users/me/export', 'movento-account.json')),
  actButton('What I watched', 'quiet', status, () => save('/api/viewing/export', 'movento-history.json')));
find('#delete-buttons').append(actButton('Delete my account', 'quiet danger', status, remove));

export function showData() {
  // Nothing of it depends on who is signed in.
}

async function save(path, name) {
  const answer = await recently(() => session.send('GET', path));
  if (!answer) return;
  const address = URL.createObjectURL(await answer.blob());
  element('a', { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}

async function remove() {
  const { email } = session.user;
  const gone = await askBySheet({
    heading: 'Delete your account?',
    act: 'Delete it',
    fields: [
      element('p', { class: 'muted', textContent: 'Profiles, keys, sessions and everything that you watched go with it, at once and for good. A plan is cancelled.' }),
      field(`To be sure, type ${email}`, element('input', { type: 'text', name: 'email', required: true, autocomplete: 'off' })),
    ],
    send: async ({ elements }) => {
      if (elements.email.value.trim().toLowerCase() !== email) throw new Error('This is not the address of the account.');
      return recently(() => session.send('DELETE', '/api/users/me'));
    },
  });
  if (gone) await session.signOut().catch(() => {});
}
