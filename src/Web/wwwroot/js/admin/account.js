// One account: what it is, what it may do, where it is signed in, and what was done to it.

import { clientName } from '../account/client-name.js';
import { actButton } from '../page/act.js';
import { confirm } from '../page/confirm.js';
import { element, find } from '../page/dom.js';
import { askBySheet } from '../page/form-sheet.js';
import { moment, relative } from '../page/format.js';
import { PagedList } from '../page/paged-list.js';
import { recently } from '../page/reauthenticate.js';
import { session } from '../session/session.js';
import { entry } from './audit.js';
import { ROLES, states } from './words.js';

const status = find('#status');
const heading = find('#account-heading');
const marks = find('#account-states');
const facts = find('#facts');
const acts = find('#acts');
const sessions = new PagedList({ list: find('#session-list'), more: find('#more-sessions'), none: find('#no-sessions'), status }, sessionRow);
const done = new PagedList({ list: find('#done-list'), more: find('#more-done'), none: find('#no-done'), status }, entry);
let shown = null;

export async function showAccount(id) {
  shown = id;
  const account = await (await session.send('GET', path(id))).json();
  if (shown !== id) return;
  const isOwn = account.id === session.user.id;
  heading.textContent = account.email;
  marks.replaceChildren(...states({ ...account, isDisabled: account.disabledAt !== null }));
  facts.replaceChildren(...[
    ['Name', account.name],
    ['Id', element('code', { textContent: account.id })],
    ['Opened', moment(account.createdAt)],
    ['Address', account.isConfirmed ? 'Confirmed' : 'Not confirmed yet'],
    ['Second factor', factorWords(account)],
    ['State', account.disabledAt ? `Disabled since ${moment(account.disabledAt)}` : 'May be used'],
  ].flatMap(([name, value]) => [element('dt', { textContent: name }), element('dd', {}, value)]));
  acts.replaceChildren(
    button('Change roles', 'primary', () => changeRoles(account, isOwn)),
    button('Send a link to a new password', 'quiet', () => sendReset(account)),
    button('End all sessions', 'quiet', () => endSessions(account, isOwn)),
    // One's own account is for another admin to disable.
    ...(isOwn ? [] : [account.disabledAt ? button('Enable it', 'quiet', () => enable(account)) : button('Disable it', 'quiet danger', () => disable(account))]));
  await Promise.all([sessions.show(`${path(id)}/sessions`), done.show('/api/users/audit', { account: id })]);
}

export function clearAccount() {
  shown = null;
  heading.textContent = '';
  for (const part of [marks, facts, acts]) part.replaceChildren();
  sessions.clear();
  done.clear();
}

async function changeRoles(account, isOwn) {
  const roles = Object.entries(ROLES).map(([role, text]) => element('label', {},
    // Nobody gives up administering: there would be nobody in the end.
    element('input', { type: 'checkbox', name: 'role', value: role, checked: account.roles.includes(role), disabled: isOwn && role === 'admin' }),
    element('span', {}, element('span', { textContent: role }), element('span', { class: 'muted', textContent: text }))));
  const changed = await askBySheet({
    heading: 'What may this account do?',
    act: 'Save',
    wide: true,
    fields: [
      element('p', {}, element('strong', { textContent: account.email })),
      element('fieldset', { class: 'checks' }, element('legend', { textContent: 'Its roles' }), ...roles),
      element('p', { class: 'muted', textContent: 'It counts within minutes, with the next access token.' }),
    ],
    send: (form) => {
      const json = { roles: [...form.querySelectorAll('[name=role]:checked')].map(({ value }) => value) };
      return recently(() => session.send('PUT', `${path(account.id)}/roles`, { json }));
    },
  });
  if (changed) await again(account, 'Its roles are changed.');
}

async function sendReset(account) {
  const text = 'Its owner gets a mail with a link. Nobody else sets a password, and the one that is stays until then.';
  if (!await confirm({ heading: 'Send a link to a new password?', subject: account.email, text, keep: 'Leave it', act: 'Send it', danger: false })) return;
  if (await recently(() => session.send('POST', `${path(account.id)}/password-reset`))) await again(account, 'The mail is on its way.');
}

async function endSessions(account, isOwn) {
  const text = isOwn ? 'You are signed out everywhere, here too.' : 'It has to sign in again everywhere, and what it plays stops.';
  if (!await confirm({ heading: 'End every session?', subject: account.email, text, keep: 'Leave them', act: 'End them' })) return;
  if (!await recently(() => session.send('DELETE', `${path(account.id)}/sessions`))) return;
  if (isOwn) await session.signOut().catch(() => {});
  else await again(account, 'Every session is over.');
}

async function disable(account) {
  const text = 'Nobody signs in to it any more. Its sessions are over, what it plays stops, and its API keys rest. Its owner is told by mail.';
  if (!await confirm({ heading: 'Disable this account?', subject: account.email, text, act: 'Disable it' })) return;
  if (await recently(() => session.send('PUT', `${path(account.id)}/disabled`))) await again(account, 'The account is disabled.');
}

async function enable(account) {
  if (await recently(() => session.send('DELETE', `${path(account.id)}/disabled`))) await again(account, 'The account may be used again.');
}

// What was done is seen at once, if it is still this account that is looked at.
async function again(account, sentence) {
  if (shown !== account.id) return;
  await showAccount(account.id);
  status.textContent = sentence;
}

function sessionRow(item) {
  return element('li', { 'data-session': item.id },
    element('div', { class: 'words' },
      element('span', { textContent: clientName(item.client), title: item.client }),
      element('span', { class: 'muted', textContent: `since ${moment(item.createdAt)}` })),
    element('span', { class: 'muted', textContent: item.isCurrent ? 'This one' : `used ${relative(item.usedAt)}` }));
}

function factorWords({ hasSecondFactor, mustHaveSecondFactor }) {
  if (hasSecondFactor) return 'On';
  return mustHaveSecondFactor ? 'Off; its roles need one, which it sets up at the next sign-in' : 'Off';
}

const path = (id) => `/api/users/${encodeURIComponent(id)}`;
const button = (text, kind, act) => actButton(text, kind, status, act);
