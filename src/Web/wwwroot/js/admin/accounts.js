// All accounts, the youngest first, and the one that somebody looks for.

import { sentence } from '../page/act.js';
import { element, find } from '../page/dom.js';
import { date } from '../page/format.js';
import { PagedList } from '../page/paged-list.js';
import { session } from '../session/session.js';
import { accountAddress, states } from './words.js';

const ID = /^[0-9a-f]{32}$/;

const status = find('#status');
const search = find('#search');
const accounts = new PagedList({ list: find('#account-list'), more: find('#more-accounts'), status }, row);

search.addEventListener('submit', async (event) => {
  event.preventDefault();
  status.textContent = '';
  const button = find('button', search);
  button.disabled = true;
  try {
    await seek(search.elements.account.value.trim());
  } catch (error) {
    status.textContent = sentence(error);
  } finally {
    button.disabled = false;
  }
});

export const showAccounts = () => accounts.show('/api/users');

export function clearAccounts() {
  accounts.clear();
  search.reset();
}

async function seek(text) {
  const id = text.toLowerCase().replaceAll('-', '');
  if (ID.test(id)) {
    location.hash = accountAddress(id);
    return;
  }
  if (!text.includes('@')) {
    status.textContent = 'An e-mail address, or an id of 32 hexadecimal digits.';
    return;
  }
  const { items: [found] } = await (await session.send('GET', `/api/users?${new URLSearchParams({ email: text, limit: 1 })}`)).json();
  if (found) location.hash = accountAddress(found.id);
  else status.textContent = 'No account has this address.';
}

function row(account) {
  return element('li', { class: 'leading', 'data-account': account.id },
    element('div', { class: 'words' },
      element('a', { href: accountAddress(account.id), textContent: account.email }),
      element('span', { class: 'muted', textContent: account.name })),
    element('div', { class: 'states' }, ...states(account)),
    element('span', { class: 'muted when', textContent: date(account.createdAt) }));
}
