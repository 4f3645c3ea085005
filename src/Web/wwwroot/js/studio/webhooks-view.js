// Where the team's own servers hear of its films (docs/formats/webhooks.md): the endpoints, and what was sent to each.

import { confirm } from '../page/confirm.js';
import { element } from '../page/dom.js';
import { session } from '../session/session.js';
import { EndpointCard } from './endpoint-card.js';
import { askForEndpoint } from './endpoint-form.js';
import { showSecret } from '../page/secret.js';

export class WebhooksView {
  #root;
  #list = element('ul', { class: 'rows', 'aria-label': 'Webhook endpoints' });
  #status = element('p', { class: 'status', role: 'status' });
  #cards = new Map();
  #opening = 0;

  constructor(root) {
    this.#root = root;
  }

  /** Shows the endpoints, and takes the focus to them. */
  async open(takesFocus) {
    const opening = ++this.#opening;
    this.#root.replaceChildren(
      element('div', { class: 'title-row' },
        element('div', {},
          element('h2', { tabIndex: -1, textContent: 'Webhooks' }),
          element('p', { class: 'muted', textContent: 'Your own servers hear what becomes of your films: a signed message for each event, sent until it was taken.' })),
        element('button', { type: 'button', class: 'primary', id: 'add-endpoint', textContent: 'Add an endpoint', onclick: () => this.#add() })),
      this.#list, this.#status);
    if (takesFocus) this.#root.querySelector('h2').focus({ preventScroll: true });
    this.#status.textContent = 'Loading…';
    try {
      const { items } = await (await session.send('GET', '/api/webhooks')).json();
      if (opening !== this.#opening) return;
      for (const endpoint of items) this.#list.append(this.#cardOf(endpoint).element);
      this.#showEmptiness();
    } catch (error) {
      if (opening === this.#opening) this.#status.textContent = [error.message, error.hint].filter(Boolean).join(' ');
    }
  }

  close() {
    this.#opening++;
    for (const card of this.#cards.values()) card.close();
    this.#cards.clear();
    this.#list.replaceChildren();
    this.#root.replaceChildren();
  }

  async #add() {
    const made = await askForEndpoint({
      heading: 'Add an endpoint', act: 'Add it', send: (json) => session.send('POST', '/api/webhooks', { json }),
    });
    if (!made) return;
    const { secret, ...endpoint } = made;
    this.#list.append(this.#cardOf(endpoint).element);
    this.#showEmptiness();
    await showSecret(secret, 'Its messages are signed with this secret. It is shown this once: keep it where your server finds it.');
  }

  #cardOf(endpoint) {
    const card = new EndpointCard(endpoint, () => this.#remove(card));
    this.#cards.set(endpoint.id, card);
    return card;
  }

  async #remove(card) {
    const answer = await confirm({
      heading: 'Remove this endpoint?', subject: card.endpoint.url, act: 'Remove', text: 'Nothing is sent to it any more, and what was sent is forgotten.',
    });
    if (!answer) return;
    try {
      await session.send('DELETE', `/api/webhooks/${card.endpoint.id}`);
    } catch (error) {
      if (error.status !== 404) {
        card.fail(`The endpoint was not removed. ${error.message}`);
        return;
      }
    }
    card.close();
    card.element.remove();
    this.#cards.delete(card.endpoint.id);
    this.#showEmptiness();
  }

  #showEmptiness() {
    this.#status.textContent = this.#cards.size === 0 ? 'No endpoint yet.' : '';
  }
}
