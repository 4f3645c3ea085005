// What was done to accounts, as sentences: who, what, to whom, when.

import { element, find } from '../page/dom.js';
import { moment } from '../page/format.js';
import { PagedList } from '../page/paged-list.js';
import { accountAddress } from './words.js';

// A function of the account it was done to, and of the detail.
const DEEDS = {
  roles_set: (whom, detail) => ['gave ', whom, ` the roles ${detail.split(' ').join(', ')}`],
  sessions_ended: (whom) => ['ended every session of ', whom],
  reset_sent: (whom) => ['had a link to a new password sent to ', whom],
  api_key_created: () => ['made an API key'],
  api_key_removed: () => ['revoked an API key'],
  account_disabled: (whom) => ['disabled ', whom],
  account_enabled: (whom) => ['enabled ', whom],
  account_deleted: () => ['deleted their own account'],
};

const audit = new PagedList(
  { list: find('#audit-list'), more: find('#more-audit'), none: find('#no-audit'), status: find('#status') }, entry);

export const showAudit = () => audit.show('/api/users/audit');

export const clearAudit = () => audit.clear();

/** An entry of the log as a row. */
export function entry(item) {
  const whom = item.targetId === item.actorId ? 'themselves' : who(item.targetId, item.targetEmail);
  // A server that is newer than this page may do more.
  const deed = DEEDS[item.action]?.(whom, item.detail ?? '') ?? [`${item.action} `, whom];
  return element('li', { 'data-action': item.action },
    element('span', { class: 'words' }, element('span', {}, who(item.actorId, item.actorEmail), ' ', ...deed)),
    element('time', { class: 'muted when', dateTime: item.at, textContent: moment(item.at) }));
}

function who(id, email) {
  return email
    ? element('a', { href: accountAddress(id), textContent: email })
    : element('span', { class: 'muted', title: id, textContent: 'an account that is gone' });
}
