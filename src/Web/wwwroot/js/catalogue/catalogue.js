// The catalogue: published films, newest first, or what is looked for, the best first, or a series' episodes; a page at a time as the viewer scrolls.

import { find } from '../page/dom.js';
import { showHeader } from '../page/header.js';
import { send } from '../session/api.js';
import { session } from '../session/session.js';
import { card, seriesCard } from './card.js';
import { hideRows, showRows } from './rows.js';
import { SearchBox } from './search-box.js';

const PAGE = 24;

const grid = find('#films');
const more = find('#more');
const status = find('#status');
const found = find('#found');
const series = new URLSearchParams(location.search).get('series');
let next = null;
let loading = null;

const showAccount = showHeader();
let bound = null;
session.addEventListener('change', () => {
  showRows();
  // A profile with a bound of age sees other films.
  if (session.maximumAge === bound) return;
  bound = session.maximumAge;
  load(true);
});
const box = new SearchBox(() => load(true));
more.addEventListener('click', () => load(false));
// The button is the way for keyboards; a scrolling viewer never reaches it, because the next page comes before.
new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting && next) load(false); }, { rootMargin: '600px' }).observe(more);

await Promise.all([session.restore().then(showAccount), load(true), nameSeries()]);

/** Loads the next page, or the first one of what is looked for now, whatever is still on its way. */
async function load(isNew) {
  if (loading && !isNew) return;
  loading?.abort();
  const turn = loading = new AbortController();
  if (isNew) next = null;
  hideRows(series !== null || Object.keys(box.query).length > 0);
  more.disabled = true;
  grid.setAttribute('aria-busy', 'true');
  try {
    const { address, show } = source();
    // The same for everybody comes from the server's cache.
    const ask = bound === null ? send : session.send.bind(session);
    const page = await (await ask('GET', address, { signal: AbortSignal.any([turn.signal, AbortSignal.timeout(20_000)]) })).json();
    if (!next) grid.replaceChildren();
    show(page);
    next = page.next;
    more.textContent = 'Show more';
    more.hidden = !next;
  } catch (error) {
    if (turn.signal.aborted) return;
    if (!next) grid.replaceChildren();
    found.textContent = '';
    status.textContent = [error.message, error.hint].filter(Boolean).join(' ');
    more.textContent = 'Try again';
    more.hidden = false;
  } finally {
    if (loading === turn) {
      grid.removeAttribute('aria-busy');
      more.disabled = false;
      loading = null;
    }
  }
}

// Where the page comes from, and how it is shown.
function source() {
  const query = { limit: PAGE, ...(next ? { after: next } : {}) };
  if (Object.keys(box.query).length > 0) return { address: `/api/search?${new URLSearchParams({ ...box.query, ...query })}`, show: showFound };
  const isOfSeries = series && new URLSearchParams(location.search).has('series');
  return {
    address: `${isOfSeries ? `/api/series/${encodeURIComponent(series)}/episodes` : '/api/movies'}?${new URLSearchParams(query)}`,
    show: (page) => {
      if (!isOfSeries) find('#heading').textContent = 'Films';
      box.hideGenres();
      grid.append(...page.items.map(card));
      found.textContent = '';
      status.textContent = grid.childElementCount > 0 ? '' : isOfSeries ? 'No episode of it can be watched yet.' : 'No films yet. What is published in the studio appears here.';
    },
  };
}

function showFound({ items, total, isBounded, isCorrected, facets }) {
  find('#heading').textContent = 'Films';
  grid.append(...items.map((item) => (item.kind === 'series' ? seriesCard(item.series) : card(item.movie))));
  box.showGenres(facets.genres);
  const count = `${total}${isBounded ? ' and more' : ''} ${total === 1 && !isBounded ? 'title' : 'titles'}`;
  found.textContent = total === 0
    ? 'Nothing is like that. Fewer words, or other ones, may find it.'
    : isCorrected ? `Nothing is called “${box.words}”. You may have meant: ${count}.` : `${count} found.`;
  status.textContent = '';
}

async function nameSeries() {
  if (!series || Object.keys(box.query).length > 0) return;
  const named = await send('GET', `/api/series/${encodeURIComponent(series)}`).then((response) => response.json()).catch(() => null);
  if (!named) return;
  find('#heading').textContent = named.title;
  document.title = `${named.title} · Movento`;
}
