// How far the work on an asset is: stage by stage, and rung by rung.

import { element } from '../page/dom.js';
import { STAGES } from './asset-state.js';

export class Progress {
  #stages = element('ol', { class: 'stages', 'aria-label': 'Stages' });
  #rungs = element('ul', { class: 'rungs', 'aria-label': 'Rungs' });

  constructor() {
    this.element = element('div', { class: 'work' }, this.#stages, this.#rungs);
  }

  show({ stages = [], rungs = [] }) {
    update(this.#stages, stages, ({ name }) => STAGES[name] ?? name);
    update(this.#rungs, rungs.map((rung) => ({ ...rung, name: rung.id, state: rung.progress >= 1 ? 'done' : 'running' })),
      ({ id, height }) => (height ? `${height}p` : id));
  }
}

// Bars stay the same elements while they fill, so that they move smoothly and are not read out anew.
function update(list, steps, label) {
  while (list.childElementCount > steps.length) list.lastElementChild.remove();
  steps.forEach((step, index) => {
    const item = list.children[index]
      ?? list.appendChild(element('li', {}, element('span'), element('progress', { max: 1 }), element('span', { class: 'share' })));
    const share = step.state === 'done' ? 1 : step.progress ?? 0;
    item.dataset.state = step.state;
    item.dataset.name = step.name;
    item.children[0].textContent = label(step);
    item.children[1].value = share;
    item.children[1].setAttribute('aria-label', label(step));
    item.children[2].textContent = share > 0 ? `${Math.floor(share * 100)} %` : '';
  });
}
