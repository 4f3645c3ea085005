// The account: its plan, its profiles, how one signs in to it, the keys of its programs, and what is kept of it. Which part is shown stands in the address.

import { sentence } from '../page/act.js';
import { find } from '../page/dom.js';
import { showHeader } from '../page/header.js';
import { askToSignIn } from '../page/sign-in.js';
import { session } from '../session/session.js';
import { showData } from './data.js';
import { showKeys } from './keys.js';
import { showPlan } from './plan.js';
import { showProfiles } from './profiles.js';
import { showSecurity } from './security.js';

const status = find('#status');
const tabs = find('#tabs');
const views = { plan: showPlan, profiles: showProfiles, security: showSecurity, keys: showKeys, data: showData };

const showAccount = showHeader();
find('#gate-action').addEventListener('click', () => askToSignIn());
addEventListener('hashchange', show);
await session.restore();
showAccount();
session.addEventListener('change', show);
await show();

// Whoever is not signed in sees what is sold; everything else is somebody's.
async function show() {
  const asked = location.hash.slice(1);
  const view = Object.hasOwn(views, asked) && (asked !== 'keys' || session.isEditor || !session.user) ? asked : 'plan';
  status.textContent = '';
  tabs.hidden = !session.user;
  find('#keys-tab').hidden = !session.isEditor;
  for (const tab of tabs.querySelectorAll('a')) {
    if (tab.hash === `#${view}`) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  // On a narrow screen there are more than fit.
  tabs.querySelector('[aria-current]').scrollIntoView({ block: 'nearest', inline: 'center' });

  const isClosed = view !== 'plan' && !session.user;
  find('#gate').hidden = !isClosed;
  for (const name of Object.keys(views)) find(`#${name}-view`).hidden = isClosed || name !== view;
  if (isClosed) return;
  try {
    await views[view]();
  } catch (error) {
    status.textContent = sentence(error);
  }
}
