// The plan that one has, those that one may have, the devices that play, and what was paid. Every payment is made on Stripe's pages.

import { actButton, sentence } from '../page/act.js';
import { confirm } from '../page/confirm.js';
import { element, find } from '../page/dom.js';
import { date, relative } from '../page/format.js';
import { askToSignIn } from '../page/sign-in.js';
import { send } from '../session/api.js';
import { session } from '../session/session.js';
import { money, priceOf } from './money.js';

// Stripe's webhook is usually there first; this long it is asked after coming back.
const RETURN_PATIENCE_MS = 20_000;
const RETURN_PAUSE_MS = 3_500;

const STATES = {
  trialing: (one) => `Free until ${date(one.trialEnd)}`,
  active: (one) => (one.endsAt ? `Ends on ${date(one.endsAt)}` : `Renews on ${date(one.periodEnd)}`),
  past_due: () => 'The last payment failed. Please pay it to keep your plan.',
  unpaid: () => 'Not paid. Pay the open invoice to watch again.',
  canceled: (one) => `Ended on ${date(one.endedAt ?? one.periodEnd)}`,
  incomplete: () => 'The first payment is not done yet.',
};

const status = find('#status');
const sections = ['plan', 'plans', 'devices', 'invoices'].map((id) => find(`#${id}`));
let invoicesAfter = null;
find('#more-invoices').addEventListener('click', () => showInvoices().catch((error) => { status.textContent = sentence(error); }));

/** Shows it, to whoever is signed in or to a visitor. */
export async function showPlan() {
  for (const section of sections) section.hidden = true;
  const offers = await (await send('GET', '/api/payments/plans')).json();
  if (!session.user) {
    showPlans(offers, null);
    if (!offers.isOn) status.textContent = 'Sign in to see your devices.';
    return;
  }

  if (offers.isOn) {
    const account = await (await session.send('GET', '/api/payments/account')).json();
    showCurrent(account);
    showPlans(offers, account);
    invoicesAfter = null;
    find('#invoice-list').replaceChildren();
    await showInvoices();
  } else {
    status.textContent = 'Nothing is sold here: every film plays.';
  }

  await showDevices();
  if (offers.isOn) await comeBack(offers);
}

// From Checkout, perhaps before its webhook.
async function comeBack(offers) {
  const came = new URLSearchParams(location.search).get('checkout');
  if (!came) return;
  history.replaceState(null, '', location.pathname);
  if (came !== 'done') return;
  status.textContent = 'Thank you. One moment…';
  for (const ends = performance.now() + RETURN_PATIENCE_MS; performance.now() < ends;) {
    const account = await (await session.send('POST', '/api/payments/account/refresh')).json();
    showCurrent(account);
    showPlans(offers, account);
    if (account.plan) break;
    await new Promise((resolve) => { setTimeout(resolve, RETURN_PAUSE_MS); });
  }
  status.textContent = 'Thank you.';
}

function showCurrent({ plan, subscription }) {
  const isLiving = subscription && !['canceled', 'incomplete_expired'].includes(subscription.status);
  const buttons = element('div', { class: 'buttons' });
  if (subscription) buttons.append(button('Payment and cards', 'quiet', openPortal));
  if (isLiving && subscription.endsAt) buttons.append(button('Keep my plan', 'primary', () => change({ cancelAtPeriodEnd: false })));
  else if (isLiving) buttons.append(button('Cancel', 'quiet', () => cancel(subscription)));
  find('#current').replaceChildren(
    element('div', {},
      element('h3', { textContent: plan?.name ?? (subscription ? 'Your plan is over' : 'No plan yet') }),
      element('p', { class: 'muted', textContent: subscription ? (STATES[subscription.status]?.(subscription) ?? '') : 'Choose one below to watch.' })),
    buttons);
  find('#plan').hidden = false;
}

function showPlans({ plans }, account) {
  const current = account?.plan ? account.subscription : null;
  find('#plan-list').replaceChildren(...plans.map((plan) => element('li', { class: 'plan', 'data-current': String(current?.planCode === plan.code) },
    element('h3', { textContent: plan.name }),
    plan.description ? element('p', { class: 'muted', textContent: plan.description }) : null,
    element('p', { textContent: [`${plan.streams} ${plan.streams === 1 ? 'screen' : 'screens at the same time'}`, plan.maxHeight ? `up to ${plan.maxHeight}p` : 'best quality'].join(', ') }),
    ...plan.prices.map((price) => element('div', {},
      element('p', { class: 'price', textContent: priceOf(price) }),
      plan.trialDays && account && !account.subscription ? element('p', { class: 'muted', textContent: `${plan.trialDays} days free` }) : null,
      element('div', { class: 'buttons' }, current?.priceId === price.id
        ? element('p', { class: 'muted', textContent: 'Your plan' })
        : button(current ? 'Change to this' : 'Choose', current ? 'quiet' : 'primary', () => choose(price, plan, current))))))));
  find('#plans').hidden = plans.length === 0;
}

async function choose(price, plan, current) {
  if (!session.user) {
    await askToSignIn();
    return;
  }
  if (!current) {
    location.assign((await (await session.send('POST', '/api/payments/checkout', { json: { priceId: price.id } })).json()).url);
    return;
  }
  const { dueNow, currency } = await (await session.send('POST', '/api/payments/subscription/preview', { json: { priceId: price.id } })).json();
  const text = dueNow > 0
    ? `You pay ${money(dueNow, currency)} now for the rest of the period, then ${priceOf(price)}.`
    : `What is left of the period stays as credit (${money(-dueNow, currency)}). Then ${priceOf(price)}.`;
  if (await confirm({ heading: 'Change your plan?', subject: plan.name, text, keep: 'Keep mine', act: 'Change', danger: false })) await change({ priceId: price.id });
}

async function cancel(subscription) {
  const text = `You can watch until ${date(subscription.periodEnd)}, and change your mind until then.`;
  if (await confirm({ heading: 'Cancel your plan?', text, act: 'Cancel it' })) await change({ cancelAtPeriodEnd: true });
}

async function change(wish) {
  await session.send('PATCH', '/api/payments/subscription', { json: wish });
  await showPlan();
}

async function openPortal() {
  location.assign((await (await session.send('POST', '/api/payments/portal')).json()).url);
}

async function showInvoices() {
  const query = new URLSearchParams({ limit: 12, ...(invoicesAfter ? { after: invoicesAfter } : {}) });
  const page = await (await session.send('GET', `/api/payments/invoices?${query}`)).json();
  find('#invoice-list').append(...page.items.map((invoice) => element('li', {},
    element('span', { textContent: date(invoice.createdAt) }),
    element('span', { class: 'amount', textContent: money(invoice.total, invoice.currency) }),
    element('span', { class: 'muted', textContent: invoice.status }),
    invoice.pageUrl ? element('a', { href: invoice.pageUrl, rel: 'noreferrer', textContent: invoice.number ?? 'Invoice' }) : null)));
  invoicesAfter = page.next;
  find('#more-invoices').hidden = !page.next;
  find('#invoices').hidden = find('#invoice-list').childElementCount === 0;
}

async function showDevices() {
  const { items } = await (await session.send('GET', '/api/streaming/devices')).json();
  find('#device-list').replaceChildren(...items.map((device) => element('li', {},
    element('span', { textContent: device.name ?? 'A device' }),
    element('span', { class: 'muted', textContent: device.streams.length > 0 ? 'plays now' : relative(device.lastSeenAt) }),
    button(device.streams.length > 0 ? 'Stop it' : 'Forget it', 'quiet', () => forget(device)))));
  find('#devices').hidden = items.length === 0;
}

async function forget(device) {
  await session.send('DELETE', `/api/streaming/devices/${device.id}`);
  await showDevices();
}

const button = (text, kind, act) => actButton(text, kind, status, act);
