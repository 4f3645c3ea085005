// One asset of the studio's list: what it is, how far it is, and the next thing that somebody may want of it.

import { element } from '../page/dom.js';
import { bytes, clock, date } from '../page/format.js';
import { isAtWork, progressSentence, rejectionOf, runningStage, STATES, workOf } from './asset-state.js';
import { showPoster } from './posters.js';

export class AssetRow {
  #parts;

  /** `actions`: `cancel(asset)` and `remove(asset)`, called when their buttons are pressed. */
  constructor(asset, actions) {
    this.#parts = {
      picture: element('div', { class: 'picture' }),
      title: element('a', { class: 'title', href: `#film/${asset.id}` }),
      state: element('span', { class: 'state' }),
      facts: element('p', { class: 'muted' }),
      doing: element('p', { class: 'doing' }),
      bar: element('progress', { max: 1 }),
      rejection: element('div', { class: 'rejection' }),
      watch: element('a', { class: 'button quiet', textContent: 'Watch' }),
      cancel: element('button', { type: 'button', class: 'quiet', textContent: 'Cancel', onclick: () => actions.cancel(this.asset) }),
      remove: element('button', { type: 'button', class: 'quiet danger', textContent: 'Delete', onclick: () => actions.remove(this.asset) }),
    };
    const { picture, title, state, facts, doing, bar, rejection, watch, cancel, remove } = this.#parts;
    this.element = element('li', { class: 'asset', 'data-asset': asset.id },
      picture,
      element('div', { class: 'words' },
        element('div', { class: 'head' }, element('h3', {}, title), state), facts, doing, bar, rejection),
      element('div', { class: 'buttons' }, watch, cancel, remove));
    this.show(asset);
  }

  show(asset) {
    this.asset = asset;
    const { picture, title, state, facts, doing, bar, rejection, watch, cancel, remove } = this.#parts;
    const work = workOf(asset);
    this.element.dataset.state = asset.state;
    this.element.dataset.work = work;
    title.textContent = asset.title;
    state.textContent = STATES[asset.state] ?? asset.state;
    facts.textContent = [
      asset.fileName, asset.durationSeconds > 0 ? clock(asset.durationSeconds) : '', asset.bytes > 0 ? bytes(asset.bytes) : '', date(asset.createdAt)]
      .filter(Boolean).join(' · ');
    showPoster(picture, asset);

    const atWork = isAtWork(asset);
    doing.textContent = atWork ? progressSentence(asset)
      : asset.job?.state === 'rejected' ? 'The next version was rejected; this one plays on'
        : asset.job?.state === 'cancelled' ? 'The next version was cancelled; this one plays on' : '';
    doing.hidden = doing.textContent === '';
    bar.hidden = !atWork;
    bar.value = runningStage(asset)?.progress ?? 0;
    bar.setAttribute('aria-label', `Progress of ${asset.title}`);

    for (const [button, verb] of [[watch, 'Watch'], [cancel, 'Cancel'], [remove, 'Delete']]) button.setAttribute('aria-label', `${verb} ${asset.title}`);
    watch.href = `/watch/${asset.id}`;
    watch.hidden = !asset.playableVersion;
    cancel.hidden = !atWork;
    remove.hidden = atWork;

    const why = rejectionOf(asset);
    rejection.hidden = !why;
    rejection.replaceChildren(...(why
      ? [element('p', { class: 'error', textContent: why.message }), why.hint ? element('p', { class: 'muted', textContent: why.hint }) : '']
      : []));
  }
}
