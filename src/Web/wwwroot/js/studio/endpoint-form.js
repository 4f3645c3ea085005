// The form of an endpoint: where to, what for, which events.

import { element } from '../page/dom.js';
import { askBySheet, field } from '../page/form-sheet.js';

const EVENTS = [
  ['asset.accepted', 'An upload has arrived'],
  ['asset.playable', 'It may be watched while the rest is encoded'],
  ['asset.published', 'A version may be played'],
  ['asset.rejected', 'It, or its next version, cannot be published'],
  ['asset.cancelled', 'The work was stopped'],
  ['asset.deleted', 'It is gone'],
  ['asset.progress', 'How far it is, every few seconds'],
];

// What the server takes where nothing is named.
const USUAL = new Set(EVENTS.map(([name]) => name).filter((name) => name !== 'asset.progress'));

/** Asks, has `send(json)` send it, and resolves to the endpoint that the server answered with, or to null. */
export function askForEndpoint({ heading, act, endpoint = null, send }) {
  const wanted = new Set(endpoint?.events ?? USUAL);
  const url = element('input', { type: 'url', name: 'url', required: true, maxLength: 2048, placeholder: 'https://example.org/movento', autocomplete: 'off', spellcheck: false, value: endpoint?.url ?? '' });
  const description = element('input', { type: 'text', name: 'description', maxLength: 200, autocomplete: 'off', value: endpoint?.description ?? '' });
  return askBySheet({
    heading, act, wide: true,
    fields: [
      field('URL', url), field('Description (optional)', description),
      element('fieldset', { class: 'checks' }, element('legend', { textContent: 'Events' }), ...EVENTS.map(([name, meaning]) => element('label', {},
        element('input', { type: 'checkbox', name: 'events', value: name, checked: wanted.has(name) }),
        element('span', {}, element('code', { textContent: name }), element('span', { class: 'muted', textContent: meaning }))))),
    ],
    send: (form) => {
      const events = new FormData(form).getAll('events');
      if (events.length === 0) throw new Error('Choose at least one event.');
      return send({ url: url.value.trim(), description: description.value.trim(), events });
    },
  });
}
