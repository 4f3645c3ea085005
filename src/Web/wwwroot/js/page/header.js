// The account corner of every page: who is signed in, the way in and the way out.

import { session } from '../session/session.js';
import { element, find } from './dom.js';
import { icon } from './icons.js';
import { askToSignIn } from './sign-in.js';

/** Fills in the header, and keeps it right as people come and go. */
export function showHeader() {
  const account = find('#account');
  const studio = find('#studio-link');
  const admin = find('#admin-link');

  for (const link of document.querySelectorAll('.top nav a')) {
    if (link.pathname === location.pathname) link.setAttribute('aria-current', 'page');
  }

  const show = () => {
    studio.hidden = !session.isEditor && document.body.dataset.page !== 'studio';
    admin.hidden = !session.isAdmin && document.body.dataset.page !== 'admin';
    account.replaceChildren(...(session.user
      ? [
        element('a', { class: 'who', href: '/account', title: session.user.email, 'aria-current': location.pathname === '/account' ? 'page' : null },
          element('span', { class: 'face' }, icon('person')),
          element('span', { class: 'name', textContent: session.user.name || session.user.email })),
        element('button', { type: 'button', class: 'quiet', id: 'sign-out', textContent: 'Sign out', onclick: signOut }),
      ]
      : [element('button', { type: 'button', class: 'primary', id: 'sign-in', textContent: 'Sign in', onclick: () => askToSignIn() })]));
    account.dataset.ready = 'true';
  };
  session.addEventListener('change', show);
  return show;
}

async function signOut() {
  // Without an answer the token is forgotten all the same; the page must not look signed in.
  await session.signOut().catch(() => {});
}
