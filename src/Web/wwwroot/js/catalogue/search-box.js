// What is looked for: typed into the box and chosen among genres, kept in the page's address.

import { element, find } from '../page/dom.js';

// Whoever types is not finished yet.
const TYPING_MS = 250;

// So many genres fit beside each other and are still read.
const MOST_GENRES = 8;

export class SearchBox {
  #form = find('#find');
  #words = find('#words');
  #genres = find('#genres');
  #genre = '';
  #typing = null;

  /** `changed()` is called when something else is looked for. */
  constructor(changed) {
    const asked = new URLSearchParams(location.search);
    this.#words.value = asked.get('q') ?? '';
    this.#genre = asked.get('genre') ?? '';

    const look = () => {
      clearTimeout(this.#typing);
      const kept = new URLSearchParams(this.query);
      history.replaceState(null, '', kept.size > 0 ? `/?${kept}` : '/');
      changed();
    };
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      look();
    });
    this.#words.addEventListener('input', () => {
      clearTimeout(this.#typing);
      // A genre was chosen among what was found before.
      this.#genre = '';
      this.#typing = setTimeout(look, TYPING_MS);
    });
    this.#words.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#words.value) return;
      event.preventDefault();
      this.#words.value = '';
      this.#genre = '';
      look();
    });
    this.#genres.addEventListener('click', ({ target }) => {
      if (!target.dataset?.genre) return;
      this.#genre = target.dataset.genre === this.#genre ? '' : target.dataset.genre;
      for (const button of this.#genres.children) button.setAttribute('aria-pressed', String(button.dataset.genre === this.#genre));
      look();
    });
    // As on many sites: the slash leads to the box from anywhere but a field.
    document.addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea, dialog')) return;
      event.preventDefault();
      this.#words.focus();
    });
  }

  get words() {
    return this.#words.value.trim();
  }

  /** The parameters of a search; none where nothing is looked for. */
  get query() {
    return { ...(this.words && { q: this.words }), ...(this.#genre && { genre: this.#genre }) };
  }

  /** Shows the genres of what was found, unless they are the choice itself. */
  showGenres(genres) {
    if (this.#genre && this.#genres.childElementCount > 0) return;
    this.#genres.replaceChildren(...genres.slice(0, MOST_GENRES).map(({ value, count }) => element('button', {
      type: 'button', class: 'quiet', 'data-genre': value, 'aria-pressed': String(value === this.#genre),
      textContent: `${value.replaceAll('-', ' ')} `,
    }, element('span', { class: 'muted', textContent: String(count), 'aria-label': `${count} found` }))));
    this.#genres.hidden = this.#genres.childElementCount === 0;
  }

  hideGenres() {
    this.#genres.replaceChildren();
    this.#genres.hidden = true;
  }
}
