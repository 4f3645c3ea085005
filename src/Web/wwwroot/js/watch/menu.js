// A menu of choices of which one holds (WAI-ARIA menu button pattern, menuitemradio).

import { element } from '../page/dom.js';

export class Menu {
  #button;
  #list;
  #choose;
  #key = '';

  /** `choose(value)` is called with the chosen entry's value. */
  constructor(button, list, choose) {
    this.#button = button;
    this.#list = list;
    this.#choose = choose;
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    button.setAttribute('aria-controls', list.id);
    button.addEventListener('click', () => (this.isOpen ? this.close() : this.open()));
    list.addEventListener('keydown', (event) => this.#move(event));
    list.addEventListener('click', ({ target }) => this.#pick(target.closest('[role=menuitemradio]')));
    document.addEventListener('pointerdown', ({ target }) => {
      if (this.isOpen && !list.contains(target) && !button.contains(target)) this.close(false);
    });
    list.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget && !list.contains(relatedTarget) && relatedTarget !== button) this.close(false);
    });
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** `[{ value, label, note }]`; rebuilt only when it differs, so that the focus stays where it is. */
  show(entries, chosen) {
    const key = JSON.stringify(entries);
    if (key !== this.#key) {
      this.#key = key;
      this.#list.replaceChildren(...entries.map(({ value, label, note }) => element('button',
        { type: 'button', role: 'menuitemradio', tabIndex: -1, 'data-value': value },
        element('span', { class: 'label', textContent: label }),
        note ? element('span', { class: 'note', textContent: note }) : null)));
    }
    for (const item of this.#items) item.setAttribute('aria-checked', String(item.dataset.value === String(chosen)));
  }

  open() {
    this.#list.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    (this.#items.find((item) => item.getAttribute('aria-checked') === 'true') ?? this.#items[0])?.focus();
  }

  close(returnFocus = true) {
    if (!this.isOpen) return;
    this.#list.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
    if (returnFocus) this.#button.focus();
  }

  get #items() {
    return Array.from(this.#list.children);
  }

  #pick(item) {
    if (!item) return;
    this.#choose(item.dataset.value);
    this.close();
  }

  #move(event) {
    const items = this.#items;
    const at = items.indexOf(document.activeElement);
    const to = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (to !== undefined) items[to].focus();
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'Tab') { this.close(false); return; }
    else if (event.key !== 'Enter' && event.key !== ' ') return;
    else this.#pick(document.activeElement);
    event.preventDefault();
    event.stopPropagation();
  }
}
