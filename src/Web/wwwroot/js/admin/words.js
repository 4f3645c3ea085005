// What is said of accounts, in lists and on their own.

import { element } from '../page/dom.js';

/** What each role may do, the least first. */
export const ROLES = { viewer: 'Watch films', editor: 'Upload films and edit the catalogue', admin: 'Administer accounts' };

/** Where an account is shown. */
export const accountAddress = (id) => `#account/${id}`;

/** What somebody must know of an account at a glance: its roles, and what keeps it from being used. */
export function states({ roles, isConfirmed, isDisabled }) {
  return [
    ...roles.map((role) => mark(role, role === 'viewer' ? null : 'role')),
    isConfirmed ? null : mark('not confirmed', 'warn'),
    isDisabled ? mark('disabled', 'off') : null,
  ].filter(Boolean);
}

const mark = (textContent, kind) => element('span', { class: 'mark', 'data-kind': kind, textContent });
