// The rows of a viewer's home page, above the films: what was begun, and what comes next for whoever is signed in (docs/recommendations.md).

import { element, find } from '../page/dom.js';
import { session } from '../session/session.js';
import { begunCard, card } from './card.js';

const HEADINGS = {
  for_you: () => 'For you',
  because: ({ because }) => `Because you watched ${because.title}`,
  trending: () => 'Watched most now',
};

const MOST_BEGUN = 20;

const rows = find('#rows');
const others = find('#others');
let isHidden = false;

/** Shows the rows. Where there are none, or nobody is signed in, or they do not come, the films below are all there is. */
export async function showRows() {
  const { viewer } = session;
  rows.replaceChildren();
  arrange();
  if (!viewer) return;
  const [home, begun] = await Promise.all(['/api/recommendations/home', `/api/viewing/continue?limit=${MOST_BEGUN}`]
    .map((path) => session.send('GET', path).then((response) => response.json()).catch(() => null)));
  // Somebody else may have signed in meanwhile, or nobody be.
  if (session.viewer !== viewer) return;
  const shown = [
    { heading: 'Continue watching', cards: (begun?.items ?? []).map(begunCard) },
    // The newest are the list below.
    ...(home?.rows ?? []).filter(({ kind }) => kind in HEADINGS).map((row) => ({ heading: HEADINGS[row.kind](row), cards: row.films.map(card) })),
  ].filter(({ cards }) => cards.length > 0);
  rows.replaceChildren(...shown.map(({ heading, cards }, index) => element('section', { 'aria-labelledby': `row-${index}` },
    element('h2', { id: `row-${index}`, textContent: heading }),
    // It scrolls sideways: a keyboard must be able to.
    element('ul', { class: 'shelf', tabIndex: 0, 'aria-labelledby': `row-${index}` }, ...cards))));
  arrange();
}

/** Only what is looked for, or the rows as well. */
export function hideRows(isOnlyFound) {
  isHidden = isOnlyFound;
  arrange();
}

// Below rows, the films need a heading of their own.
function arrange() {
  rows.hidden = isHidden;
  others.hidden = isHidden || rows.childElementCount === 0;
}
