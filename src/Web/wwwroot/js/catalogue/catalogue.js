// The catalogue: published films, newest first, a page at a time as the viewer scrolls.

import { find } from '../page/dom.js';
import { showHeader } from '../page/header.js';
import { send } from '../session/api.js';
import { session } from '../session/session.js';
import { card } from './card.js';

const PAGE = 24;

const grid = find('#films');
const more = find('#more');
const status = find('#status');
let next = null;
let isLoading = false;

const showAccount = showHeader();
more.addEventListener('click', () => load());
// The button is the way for keyboards; a scrolling viewer never reaches it, because the next page comes before.
new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting && next) load(); }, { rootMargin: '600px' }).observe(more);

await Promise.all([session.restore().then(showAccount), load()]);

async function load() {
  if (isLoading) return;
  isLoading = true;
  more.disabled = true;
  try {
    const query = new URLSearchParams({ limit: PAGE, ...(next ? { after: next } : {}) });
    const page = await (await send('GET', `/api/movies?${query}`)).json();
    if (!next) grid.replaceChildren();
    grid.append(...page.items.map(card));
    next = page.next;
    status.textContent = grid.childElementCount === 0 ? 'No films yet. What is published in the studio appears here.' : '';
    more.textContent = 'Show more';
    more.hidden = !next;
  } catch (error) {
    if (!next) grid.replaceChildren();
    status.textContent = [error.message, error.hint].filter(Boolean).join(' ');
    more.textContent = 'Try again';
    more.hidden = false;
  } finally {
    grid.removeAttribute('aria-busy');
    more.disabled = false;
    isLoading = false;
  }
}
