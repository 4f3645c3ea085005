// A list that the server gives out a page at a time, by the key of its last row.

import { session } from '../session/session.js';
import { sentence } from './act.js';

const LIMIT = 20;

export class PagedList {
  #parts;
  #row;
  #path = '';
  #query = {};
  #after = null;
  #asked = 0;

  /** `list` is filled with what `row(item)` makes; `more` asks for the next page; `none` is shown where there is nothing; what fails stands in `status`. */
  constructor({ list, more, none = null, status }, row) {
    this.#parts = { list, more, none, status };
    this.#row = row;
    more.addEventListener('click', () => this.#next().catch((error) => { status.textContent = sentence(error); }));
  }

  /** Shows the first page of what `path` lists, in place of everything. */
  async show(path, query = {}) {
    this.clear();
    [this.#path, this.#query] = [path, query];
    await this.#next();
  }

  /** Empty, as before the first page; what is on its way is not shown any more. */
  clear() {
    this.#asked++;
    this.#after = null;
    this.#parts.list.replaceChildren();
    this.#parts.more.hidden = true;
    if (this.#parts.none) this.#parts.none.hidden = true;
  }

  async #next() {
    const { list, more, none } = this.#parts;
    const asked = ++this.#asked;
    more.disabled = true;
    try {
      const query = new URLSearchParams({ limit: LIMIT, ...this.#query, ...(this.#after ? { after: this.#after } : {}) });
      const page = await (await session.send('GET', `${this.#path}?${query}`)).json();
      if (asked !== this.#asked) return;
      list.append(...page.items.map(this.#row));
      this.#after = page.next;
      more.hidden = !page.next;
      if (none) none.hidden = list.childElementCount > 0;
    } finally {
      more.disabled = false;
    }
  }
}
