// What admins do with others' accounts. Which part is shown stands in the address: #accounts, #account/{id}, #audit.

import { sentence } from '../page/act.js';
import { find } from '../page/dom.js';
import { showHeader } from '../page/header.js';
import { askToSignIn } from '../page/sign-in.js';
import { session } from '../session/session.js';
import { clearAccount, showAccount } from './account.js';
import { clearAccounts, showAccounts } from './accounts.js';
import { clearAudit, showAudit } from './audit.js';

const status = find('#status');
const tabs = find('#tabs');
const views = { accounts: showAccounts, account: showAccount, audit: showAudit };

const showWho = showHeader();
find('#gate-action').addEventListener('click', () => askToSignIn());
addEventListener('hashchange', () => show(true));
session.addEventListener('change', () => show());
await session.restore();
showWho();
await show();

// Admins see accounts; everybody else is told what is missing, and nothing of an admin's is left on the page.
async function show(takesFocus = false) {
  const [asked, id] = location.hash.slice(1).split('/');
  const view = Object.hasOwn(views, asked) && (asked !== 'account' || id) ? asked : 'accounts';
  status.textContent = '';
  tabs.hidden = !session.isAdmin;
  find('#gate').hidden = session.isAdmin;
  for (const name of Object.keys(views)) find(`#${name}-view`).hidden = !session.isAdmin || name !== view;
  for (const tab of tabs.querySelectorAll('a')) {
    if (tab.hash === (view === 'audit' ? '#audit' : '#accounts')) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  clearAccounts();
  clearAccount();
  clearAudit();
  if (!session.isAdmin) {
    showGate();
    return;
  }
  scrollTo(0, 0);
  if (takesFocus) find('#main').focus({ preventScroll: true });
  try {
    await views[view](id);
  } catch (error) {
    // The role was taken while the page was open: the next access token says so to the page too.
    status.textContent = sentence(error);
  }
}

function showGate() {
  find('#gate-heading').textContent = session.user ? 'Your account does not administer' : 'Sign in as an admin';
  find('#gate-text').textContent = session.user
    ? 'What others may do is for admins to say. Ask whoever runs this site to make you one.'
    : 'Here admins find accounts, and say what they may do.';
  find('#gate-action').hidden = session.user !== null;
}
