// What was sent to an endpoint, newest first, what came of it, and the way to send it again.

import { element } from '../page/dom.js';
import { moment, relative } from '../page/format.js';
import { session } from '../session/session.js';

const PAGE = 10;

// While something is under way the list looks again this often.
const LOOK_MS = 2_000;

// So long are events kept (Ingest:Webhooks:Retention, as it comes).
const KEPT_MS = 30 * 86_400_000;

const STATES = { pending: 'On its way', delivered: 'Delivered', failed: 'Failed' };
const ERRORS = {
  timeout: 'no answer in time', dns: 'its name is not known', forbidden_address: 'its address is not public', connection: 'no connection',
  tls: 'its certificate cannot be trusted', protocol: 'no HTTP',
};

export class Deliveries {
  #path;
  #list = element('ol', { class: 'deliveries' });
  #status = element('p', { class: 'muted', role: 'status' });
  #more = element('button', { type: 'button', class: 'quiet', textContent: 'Show more', hidden: true, onclick: () => this.#load(this.#shown + PAGE) });
  #state = element('select', { onchange: () => this.#load() },
    ...[['', 'All'], ['failed', 'Failed'], ['pending', 'On their way'], ['delivered', 'Delivered']].map(([value, textContent]) => element('option', { value, textContent })));
  #shown = PAGE;
  #timer = null;
  #loads = 0;

  constructor(endpointId) {
    this.#path = `/api/webhooks/${endpointId}`;
    this.element = element('section', { class: 'sent', 'aria-label': 'Deliveries' },
      element('div', { class: 'buttons' },
        element('label', { class: 'inline' }, element('span', { class: 'muted', textContent: 'Show' }), this.#state),
        element('button', { type: 'button', class: 'quiet', textContent: 'Send again what failed', onclick: () => this.#replayFailed() })),
      this.#list, this.#status, this.#more);
  }

  open() {
    this.#load(PAGE);
  }

  close() {
    this.#loads++;
    clearTimeout(this.#timer);
  }

  async #load(count = this.#shown) {
    const load = ++this.#loads;
    clearTimeout(this.#timer);
    this.#shown = Math.min(count, 100);
    const query = new URLSearchParams({ limit: this.#shown, ...(this.#state.value ? { state: this.#state.value } : {}) });
    try {
      const { items, next } = await (await session.send('GET', `${this.#path}/deliveries?${query}`)).json();
      if (load !== this.#loads) return;
      this.#show(items);
      this.#more.hidden = !next || this.#shown === 100;
      this.#status.textContent = items.length === 0 ? 'Nothing was sent yet.' : '';
      // What is tried again in hours needs no look every two seconds.
      if (items.some(({ state, nextAt }) => state === 'pending' && Date.parse(nextAt) < Date.now() + 60_000)) this.#timer = setTimeout(() => this.#load(), LOOK_MS);
    } catch (error) {
      if (load === this.#loads) this.#status.textContent = error.message;
    }
  }

  // Rows stay the same elements, so that what is open stays open, and the focus where it is.
  #show(items) {
    const rows = new Map(Array.from(this.#list.children, (row) => [row.dataset.delivery, row]));
    const kept = items.map((delivery) => {
      const row = rows.get(delivery.id) ?? this.#row(delivery.id);
      row.show(delivery);
      return row;
    });
    if (kept.length !== this.#list.childElementCount || kept.some((row, index) => row !== this.#list.children[index])) this.#list.replaceChildren(...kept);
  }

  #row(id) {
    const type = element('code');
    const state = element('span', { class: 'state' });
    const when = element('span', { class: 'muted' });
    const outcome = element('span', { class: 'muted outcome' });
    const content = element('div', { class: 'attempts' });
    const details = element('details', { ontoggle: () => { if (details.open) this.#open(id, content); } },
      element('summary', {}, type, state, when, outcome), content);
    const row = element('li', { 'data-delivery': id }, details,
      element('button', { type: 'button', class: 'quiet', textContent: 'Send again', onclick: () => this.#replay(id) }));
    let known = '';
    row.show = (delivery) => {
      row.dataset.state = delivery.state;
      type.textContent = delivery.type;
      state.textContent = STATES[delivery.state] ?? delivery.state;
      when.textContent = relative(delivery.createdAt);
      when.title = moment(delivery.createdAt);
      outcome.textContent = outcomeOf(delivery);
      // An attempt more, while its attempts are looked at.
      if (details.open && known !== delivery.updatedAt) this.#open(id, content);
      known = delivery.updatedAt;
    };
    return row;
  }

  async #open(id, content) {
    try {
      const { body, attempts, delivery } = await (await session.send('GET', `${this.#path}/deliveries/${id}`)).json();
      content.replaceChildren(
        element('p', { class: 'muted' }, element('code', { textContent: delivery.messageId })),
        element('ol', { reversed: true }, ...attempts.map(({ at, status, error, milliseconds, snippet }) => element('li', {},
          `${moment(at)} · ${status ?? ERRORS[error] ?? error} · ${milliseconds} ms`, snippet ? element('pre', { textContent: snippet }) : null))),
        element('pre', { tabIndex: 0, 'aria-label': 'Message', textContent: pretty(body) }));
    } catch (error) {
      content.replaceChildren(element('p', { class: 'error', role: 'alert', textContent: error.message }));
    }
  }

  async #replay(id) {
    await this.#ask(`${this.#path}/deliveries/${id}/replay`);
  }

  async #replayFailed() {
    const answer = await this.#ask(`${this.#path}/replay`, { since: new Date(Date.now() - KEPT_MS).toISOString(), onlyFailed: true });
    if (answer) this.#status.textContent = answer.deliveries === 0 ? 'Nothing has failed.' : `${answer.deliveries} are sent again.`;
  }

  async #ask(path, json) {
    try {
      const answer = await (await session.send('POST', path, { json })).json();
      await this.#load();
      return answer;
    } catch (error) {
      this.#status.textContent = error.message;
      return null;
    }
  }
}

function outcomeOf({ state, attempts, lastAttempt, nextAt }) {
  const last = lastAttempt ? String(lastAttempt.status ?? ERRORS[lastAttempt.error] ?? lastAttempt.error) : '';
  const tries = attempts > 1 ? `${attempts} tries` : '';
  const next = state === 'pending' && attempts > 0 ? `next ${relative(nextAt)}` : '';
  return [last, tries, next].filter(Boolean).join(' · ');
}

function pretty(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
