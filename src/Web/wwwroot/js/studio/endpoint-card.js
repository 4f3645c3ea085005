// One webhook endpoint: what it hears, how it fares, and what was sent to it.

import { confirm } from '../page/confirm.js';
import { element } from '../page/dom.js';
import { relative } from '../page/format.js';
import { session } from '../session/session.js';
import { Deliveries } from './deliveries.js';
import { askForEndpoint } from './endpoint-form.js';
import { showSecret } from '../page/secret.js';

const DISABLED = {
  owner: 'Switched off: nothing is sent to it.',
  failing: 'Switched off, since three deliveries in a row failed.',
  gone: 'Switched off, since it answered 410 Gone.',
};

export class EndpointCard {
  #parts;
  #deliveries;

  /** `remove()` is called when the button is pressed. */
  constructor(endpoint, remove) {
    const button = (textContent, onclick, properties = {}) => element('button', { type: 'button', class: 'quiet', textContent, onclick, ...properties });
    this.#parts = {
      url: element('h3', { class: 'url' }),
      state: element('span', { class: 'state' }),
      description: element('p', { class: 'muted' }),
      events: element('ul', { class: 'tags', 'aria-label': 'Events' }),
      health: element('p', {}),
      failure: element('p', { class: 'error', role: 'alert' }),
      toggle: button('', () => this.#change({ enabled: !this.endpoint.enabled })),
      open: button('Deliveries', () => this.#toggleDeliveries(), { 'aria-expanded': 'false' }),
    };
    const { url, state, description, events, health, failure, toggle, open } = this.#parts;
    this.#deliveries = new Deliveries(endpoint.id);
    this.#deliveries.element.hidden = true;
    this.element = element('li', { class: 'endpoint', 'data-endpoint': endpoint.id },
      element('div', { class: 'head' }, url, state), description, events, health, failure,
      element('div', { class: 'buttons' },
        open, button('Send a test', () => this.#test()), button('Change', () => this.#edit()), button('New secret', () => this.#rotate()), toggle,
        button('Remove', remove, { class: 'quiet danger' })),
      this.#deliveries.element);
    this.show(endpoint);
  }

  show(endpoint) {
    this.endpoint = endpoint;
    const { url, state, description, events, health, failure, toggle } = this.#parts;
    this.element.dataset.enabled = String(endpoint.enabled);
    url.textContent = endpoint.url;
    state.textContent = endpoint.enabled ? 'On' : 'Off';
    description.textContent = endpoint.description;
    description.hidden = !endpoint.description;
    events.replaceChildren(...endpoint.events.map((name) => element('li', {}, element('code', { textContent: name }))));
    const words = [
      endpoint.enabled ? (endpoint.failures > 0 ? `${endpoint.failures} ${endpoint.failures === 1 ? 'delivery' : 'deliveries'} in a row failed.` : '')
        : `${DISABLED[endpoint.disabledReason] ?? 'Switched off.'} What happens meanwhile can be sent again later.`,
      endpoint.previousSecretUntil ? `The secret before this one also signs for now; it ends ${relative(endpoint.previousSecretUntil)}.` : '',
    ].filter(Boolean).join(' ');
    health.textContent = words;
    health.hidden = !words;
    health.className = endpoint.enabled && endpoint.failures === 0 ? 'muted' : 'warning';
    failure.textContent = '';
    toggle.textContent = endpoint.enabled ? 'Switch off' : 'Switch on';
  }

  fail(sentence) {
    this.#parts.failure.textContent = sentence;
  }

  close() {
    this.#deliveries.close();
  }

  #toggleDeliveries(isOpen = this.#deliveries.element.hidden) {
    this.#deliveries.element.hidden = !isOpen;
    this.#parts.open.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) this.#deliveries.open();
    else this.#deliveries.close();
  }

  async #change(json) {
    try {
      this.show(await (await session.send('PATCH', `/api/webhooks/${this.endpoint.id}`, { json })).json());
    } catch (error) {
      this.fail([error.message, error.hint].filter(Boolean).join(' '));
    }
  }

  async #edit() {
    const changed = await askForEndpoint({
      heading: 'Change this endpoint', act: 'Save', endpoint: this.endpoint,
      send: (json) => session.send('PATCH', `/api/webhooks/${this.endpoint.id}`, { json }),
    });
    if (changed) this.show(changed);
  }

  async #test() {
    try {
      await session.send('POST', `/api/webhooks/${this.endpoint.id}/test`);
      this.fail('');
      this.#toggleDeliveries(true);
    } catch (error) {
      this.fail(`No test was sent. ${error.message}`);
    }
  }

  async #rotate() {
    const answer = await confirm({
      heading: 'Make a new secret?', subject: this.endpoint.url, keep: 'Keep this one', act: 'Make a new one', danger: false,
      text: 'The one before goes on signing beside it for a day, so that nothing is lost while you change your server.',
    });
    if (!answer) return;
    try {
      const { secret, previousSecretUntil } = await (await session.send('POST', `/api/webhooks/${this.endpoint.id}/secret`)).json();
      this.show({ ...this.endpoint, previousSecretUntil });
      await showSecret(secret, 'Messages are signed with this secret from now on. It is shown this once: keep it where your server finds it.');
    } catch (error) {
      this.fail(`The secret is still the one before. ${error.message}`);
    }
  }
}
