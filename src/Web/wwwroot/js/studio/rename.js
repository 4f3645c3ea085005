// Another title: for the team, and for whoever finds the film in the catalogue.

import { element } from '../page/dom.js';
import { askBySheet, field } from '../page/form-sheet.js';
import { session } from '../session/session.js';

// As long as an upload's title may be.
const MAX_TITLE = 200;

// The catalogue hears of a film a moment after it may be played.
const PAUSES_MS = [0, 1_500, 4_000];

/** Asks for the title; resolves to the asset as it is then, or to null. */
export async function rename(asset) {
  const title = element('input', { type: 'text', name: 'title', required: true, maxLength: MAX_TITLE, autocomplete: 'off', value: asset.title });
  const asked = askBySheet({
    heading: 'Rename this film', act: 'Rename', fields: [field('Title', title)],
    send: async () => {
      const wanted = { title: title.value.trim() };
      const response = await session.send('PATCH', `/api/assets/${asset.id}`, { json: wanted });
      if (asset.playableVersion) await renameInCatalogue(asset.id, wanted);
      return response;
    },
  });
  title.select();
  return asked;
}

// What else editors say of the film stays: only its title is changed, of what was read a moment before.
async function renameInCatalogue(id, wanted) {
  const path = `/api/movies/${id}/details`;
  for (const pause of PAUSES_MS) {
    await new Promise((resolve) => { setTimeout(resolve, pause); });
    try {
      const ifMatch = (await session.send('GET', path)).headers.get('ETag');
      await session.send('PATCH', path, { json: wanted, ifMatch });
      return;
    } catch (error) {
      if (error.status !== 404 && error.status !== 412) throw error;
    }
  }
}
