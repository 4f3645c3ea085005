// Pictures of published films, from the catalogue, for those that come into sight.

import { element } from '../page/dom.js';
import { send } from '../session/api.js';

// The catalogue hears of a new version a moment after the studio does.
const PAUSES_MS = [0, 1_500, 4_000];

const wanted = new WeakMap();
const sight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    sight.unobserve(target);
    fetchPoster(target);
  }
}, { rootMargin: '200px' });

/** Has `picture` show the poster of the asset's version as soon as it is in sight; `anew` where the poster is another one. */
export function showPoster(picture, asset, anew = false) {
  const key = asset.version ? `${asset.id}/${asset.version}` : '';
  if (wanted.get(picture) === key && !anew) return;
  wanted.set(picture, key);
  if (!key) picture.replaceChildren();
  else sight.observe(picture);
}

async function fetchPoster(picture) {
  const key = wanted.get(picture);
  const [id] = key.split('/');
  for (const pause of PAUSES_MS) {
    await new Promise((resolve) => { setTimeout(resolve, pause); });
    const movie = await send('GET', `/api/movies/${id}`).then((response) => response.json()).catch(() => null);
    if (wanted.get(picture) !== key) return;
    if (!movie || movie.isGrowing) continue;
    if (movie.posterUrl) picture.replaceChildren(element('img', { src: movie.posterUrl, alt: '', decoding: 'async', onerror: ({ target }) => target.remove() }));
    return;
  }
}
