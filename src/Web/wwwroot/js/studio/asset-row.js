// One asset of the studio's list: its state, what is being done to it, and what can be done with it.

import { element } from '../page/dom.js';
import { clock, date } from '../page/format.js';

const STATES = {
  receiving: 'Receiving', queued: 'Queued', processing: 'Processing', published: 'Published', rejected: 'Rejected', cancelled: 'Cancelled',
};
const STAGES = { upload: 'Upload', probe: 'Check', ladder: 'Plan', encode: 'Encode', package: 'Package', publish: 'Publish' };

/** Whether nothing more will happen to the asset by itself. */
export const isSettled = ({ state }) => ['published', 'rejected', 'cancelled'].includes(state);

export class AssetRow {
  #parts;

  /** `remove(asset)` is called when the delete button is pressed. */
  constructor(asset, remove) {
    this.#parts = {
      title: element('h3'),
      state: element('span', { class: 'state' }),
      facts: element('p', { class: 'muted' }),
      stages: element('ol', { class: 'stages', 'aria-label': 'Stages' }),
      rungs: element('ul', { class: 'rungs', 'aria-label': 'Rungs' }),
      rejection: element('div', { class: 'rejection' }),
      watch: element('a', { class: 'button quiet', textContent: 'Watch' }),
      remove: element('button', { type: 'button', class: 'quiet danger', textContent: 'Delete', onclick: () => remove(this.asset) }),
    };
    const { title, state, facts, stages, rungs, rejection, watch, remove: button } = this.#parts;
    this.element = element('li', { class: 'asset', 'data-asset': asset.id },
      element('div', { class: 'head' }, title, state), facts, stages, rungs, rejection,
      element('div', { class: 'buttons' }, watch, button));
    this.show(asset);
  }

  show(asset) {
    this.asset = asset;
    const { title, state, facts, stages, rungs, rejection, watch, remove } = this.#parts;
    this.element.dataset.state = asset.state;
    title.textContent = asset.title;
    state.textContent = STATES[asset.state] ?? asset.state;
    facts.textContent = [asset.fileName, asset.durationSeconds > 0 ? clock(asset.durationSeconds) : '', date(asset.createdAt)]
      .filter(Boolean).join(' · ');
    remove.setAttribute('aria-label', `Delete ${asset.title}`);
    watch.setAttribute('aria-label', `Watch ${asset.title}`);
    watch.href = `/watch/${asset.id}`;
    watch.hidden = asset.state !== 'published';

    stages.hidden = rungs.hidden = isSettled(asset);
    if (!isSettled(asset)) {
      update(stages, asset.stages ?? [], ({ name }) => STAGES[name] ?? name);
      update(rungs, (asset.rungs ?? []).map((rung) => ({ ...rung, name: rung.id, state: rung.progress >= 1 ? 'done' : 'running' })),
        ({ id, height }) => (height ? `${height}p` : id));
    }

    rejection.hidden = !asset.rejection;
    rejection.replaceChildren(...(asset.rejection
      ? [
        element('p', { class: 'error', textContent: asset.rejection.message }),
        asset.rejection.hint ? element('p', { class: 'muted', textContent: asset.rejection.hint }) : '',
      ]
      : []));
  }
}

// Bars stay the same elements while they fill, so that they move smoothly and are not read out anew.
function update(list, steps, label) {
  while (list.childElementCount > steps.length) list.lastElementChild.remove();
  steps.forEach((step, index) => {
    const item = list.children[index] ?? list.appendChild(element('li', {}, element('span'), element('progress', { max: 1 })));
    item.dataset.state = step.state;
    item.dataset.name = step.name;
    item.children[0].textContent = label(step);
    item.children[1].value = step.state === 'done' ? 1 : step.progress ?? 0;
    item.children[1].setAttribute('aria-label', label(step));
  });
}
