// Notes for whoever uploaded a film.

import { element } from '../page/dom.js';

/** What of a source is not in what was made of it. */
export function noteList(notes) {
  return element('ul', { class: 'notes' }, ...notes.map(({ code, message, hint }) => element('li', { 'data-code': code },
    element('p', { textContent: message }), hint ? element('p', { class: 'muted', textContent: hint }) : null)));
}
