// One film or series in a grid.

import { element } from '../page/dom.js';
import { clock, resolution, spoken } from '../page/format.js';
import { rememberedShare } from '../viewing/positions.js';

/** A film: its poster, its title, how long it is and how far it was watched; of an episode, which one it is. */
export function card(movie) {
  return cardOf(movie, rememberedShare(movie.id));
}

/** A film that was begun, as `/api/viewing/continue` has it. */
export function begunCard({ movie, position, duration }) {
  return cardOf(movie, position / duration);
}

function cardOf(movie, share) {
  const picture = element('div', { class: 'picture' },
    movie.posterUrl ? poster(movie.posterUrl) : null,
    movie.durationSeconds > 0 ? element('span', { class: 'badge', 'aria-hidden': 'true', textContent: clock(movie.durationSeconds) }) : null,
    share > 0 ? element('progress', { class: 'watched', max: 1, value: share, 'aria-label': `${Math.round(share * 100)} % watched` }) : null);
  return element('li', {},
    element('a', { class: 'card', href: `/watch/${movie.id}` },
      picture,
      element('h3', { textContent: movie.title }),
      element('p', { class: 'muted' },
        element('span', { class: 'visually-hidden', textContent: `${spoken(movie.durationSeconds)}, ` }),
        [episode(movie.episode), movie.releaseYear, resolution(movie.width, movie.height)].filter(Boolean).join(' · '))));
}

/** A series, which leads to its episodes. */
export function seriesCard(series) {
  return element('li', {},
    element('a', { class: 'card', href: `/?series=${series.id}` },
      element('div', { class: 'picture' }),
      element('h3', { textContent: series.title }),
      element('p', { class: 'muted', textContent: ['Series', series.releaseYear].filter(Boolean).join(' · ') })));
}

function episode(place) {
  return place ? `Season ${place.season}, episode ${place.number}` : '';
}

// A poster that does not come leaves the plain surface behind it, not a broken picture.
function poster(url) {
  return element('img', { src: url, alt: '', loading: 'lazy', decoding: 'async', onerror: ({ target }) => target.remove() });
}
