// What the list of films shows: chosen in a form, kept in the page's address.

import { find } from '../page/dom.js';

// Whoever types is not finished yet.
const TYPING_MS = 250;

const DAY_MS = 86_400_000;
const NAMES = ['title', 'state', 'days'];

export class Filter {
  #form;

  /** `changed()` is called when something else is wanted. */
  constructor(form, changed) {
    this.#form = form;
    const asked = new URLSearchParams(location.search);
    for (const name of NAMES) if (asked.has(name)) form.elements[name].value = asked.get(name);
    // An address that names a choice that there is not shows everything.
    if (form.elements.days.selectedIndex < 0) form.elements.days.value = '';
    if (!form.querySelector(':checked[name=state]')) find('[name=state]', form).checked = true;

    let typing = null;
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', ({ target }) => {
      clearTimeout(typing);
      typing = setTimeout(() => {
        const kept = new URLSearchParams(Object.entries(this.#values).filter(([, value]) => value));
        history.replaceState(null, '', `${location.pathname}${kept.size > 0 ? `?${kept}` : ''}${location.hash}`);
        changed();
      }, target.type === 'search' ? TYPING_MS : 0);
    });
  }

  /** Whether anything is filtered out. */
  get isSet() {
    return Object.values(this.#values).some(Boolean);
  }

  /** The parameters of the API. */
  get query() {
    const { title, state, days } = this.#values;
    return {
      ...(title && { title }), ...(state && { state }), ...(days && { createdFrom: new Date(Date.now() - days * DAY_MS).toISOString() }),
    };
  }

  get #values() {
    const { title, state, days } = this.#form.elements;
    return { title: title.value.trim(), state: state.value, days: days.value };
  }
}
