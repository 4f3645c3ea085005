// Keys with which an editor's programs ask in place of the editor. A key is shown once.

import { actButton } from '../page/act.js';
import { confirm } from '../page/confirm.js';
import { element, find } from '../page/dom.js';
import { askBySheet, field } from '../page/form-sheet.js';
import { date, relative } from '../page/format.js';
import { recently } from '../page/reauthenticate.js';
import { showSecret } from '../page/secret.js';
import { session } from '../session/session.js';

const PATH = '/api/users/me/api-keys';
const SCOPES = {
  upload: 'Upload films',
  'assets:read': 'Read assets, their events and receipts',
  'assets:write': 'Change and delete assets',
  catalogue: 'Edit what the catalogue says',
  webhooks: 'Set webhooks',
};
const LIVES = [[30, '30 days'], [90, '90 days'], [365, 'a year'], ['', 'until it is revoked']];

const status = find('#status');
const list = find('#key-list');
const more = find('#more-keys');
let after = null;
find('#add-key').addEventListener('click', () => make().catch((error) => { status.textContent = error.message; }));
more.addEventListener('click', () => addKeys().catch((error) => { status.textContent = error.message; }));

export async function showKeys() {
  after = null;
  list.replaceChildren();
  await addKeys();
}

async function addKeys() {
  const query = new URLSearchParams({ limit: 20, ...(after ? { after } : {}) });
  const page = await (await session.send('GET', `${PATH}?${query}`)).json();
  list.append(...page.items.map((key) => element('li', { class: 'panel', 'data-key': key.id },
    element('div', {},
      element('h3', { textContent: key.name }),
      element('p', {}, element('code', { textContent: `${key.prefix}…` })),
      element('p', { class: 'muted', textContent: key.scopes.join(', ') }),
      element('p', { class: 'muted', textContent: [
        key.lastUsedAt ? `used ${relative(key.lastUsedAt)}` : 'never used',
        key.expiresAt ? `${Date.parse(key.expiresAt) < Date.now() ? 'ended' : 'ends'} on ${date(key.expiresAt)}` : 'does not end',
      ].join(', ') })),
    element('div', { class: 'buttons' }, actButton('Revoke', 'quiet danger', status, () => revoke(key))))));
  after = page.next;
  more.hidden = !after;
  find('#no-keys').hidden = list.childElementCount > 0;
}

async function make() {
  status.textContent = '';
  const life = element('select', { name: 'life' }, ...LIVES.map(([days, text]) => element('option', { value: String(days), textContent: text })));
  life.value = '90';
  const scopes = Object.entries(SCOPES).map(([scope, text]) => element('label', {},
    element('input', { type: 'checkbox', name: 'scope', value: scope }),
    element('span', {}, element('code', { textContent: scope }), element('span', { class: 'muted', textContent: text }))));
  const made = await askBySheet({
    heading: 'Make an API key',
    act: 'Make it',
    wide: true,
    fields: [
      field('Name', element('input', { type: 'text', name: 'name', required: true, maxLength: 100, placeholder: 'Nightly uploads' })),
      element('fieldset', { class: 'checks' }, element('legend', { textContent: 'What it may do' }), ...scopes),
      field('How long it lives', life),
    ],
    send: (form) => {
      const json = {
        name: form.elements.name.value,
        scopes: [...form.querySelectorAll('[name=scope]:checked')].map(({ value }) => value),
        expiresInDays: life.value ? Number(life.value) : null,
      };
      return recently(() => session.send('POST', PATH, { json }));
    },
  });
  if (!made?.apiKey) return;
  await showSecret(made.apiKey, 'Programs send it as “Authorization: Bearer …”. It is shown this once: keep it where they find it, and nobody else.', 'Keep this key');
  await showKeys();
}

async function revoke(key) {
  if (!await confirm({ heading: 'Revoke this key?', subject: key.name, text: 'Whatever uses it is refused from then on.', act: 'Revoke it' })) return;
  await session.send('DELETE', `${PATH}/${key.id}`);
  await showKeys();
}
