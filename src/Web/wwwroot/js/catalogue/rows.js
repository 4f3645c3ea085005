// The rows of a viewer's home page, above the films: what comes next for whoever is signed in (docs/recommendations.md).

import { element, find } from '../page/dom.js';
import { session } from '../session/session.js';
import { card } from './card.js';

const HEADINGS = {
  for_you: () => 'For you',
  because: ({ because }) => `Because you watched ${because.title}`,
  trending: () => 'Watched most now',
};

const rows = find('#rows');

/** Shows the rows. Where there are none, or nobody is signed in, or they do not come, the films below are all there is. */
export async function showRows() {
  const viewer = session.user;
  rows.replaceChildren();
  if (!viewer) return;
  const home = await session.send('GET', '/api/recommendations/home').then((response) => response.json()).catch(() => null);
  // Somebody else may have signed in meanwhile, or nobody be.
  if (session.user?.id !== viewer.id) return;
  // The newest are the list below.
  const shown = (home?.rows ?? []).filter(({ kind }) => kind in HEADINGS);
  rows.replaceChildren(...shown.map((row, index) => element('section', { 'aria-labelledby': `row-${index}` },
    element('h2', { id: `row-${index}`, textContent: HEADINGS[row.kind](row) }),
    // It scrolls sideways: a keyboard must be able to.
    element('ul', { class: 'shelf', tabIndex: 0, 'aria-labelledby': `row-${index}` }, ...row.films.map(card)))));
}

/** Only what is looked for, or the rows as well. */
export function hideRows(isHidden) {
  rows.hidden = isHidden;
}
