// One film of the team: what is being done to it, what came of it, and everything that can be asked for.

import { element } from '../page/dom.js';
import { bytes, clock, moment } from '../page/format.js';
import { session } from '../session/session.js';
import { isAtWork, isNews, PRIORITIES, progressSentence, rejectionOf, STATES, workOf } from './asset-state.js';
import { noteList } from './notes.js';
import { showPoster } from './posters.js';
import { Progress } from './progress.js';
import { rename } from './rename.js';
import { isSubtitles, Subtitles } from './subtitles.js';
import { Versions } from './versions.js';

export class FilmView {
  #root;
  #actions;
  #id = null;
  #asset = null;
  #parts = null;
  #versions = null;
  #subtitles = null;
  #progress = null;

  /** `actions`: `cancel(asset)`, `remove(asset)` and `encode(asset)`, called when their buttons are pressed. */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
  }

  /** Shows the film, and takes the focus to it; says so where there is none. */
  async open(id, takesFocus) {
    this.close();
    this.#id = id;
    this.#root.replaceChildren(back(), element('p', { class: 'status', role: 'status', textContent: 'Loading…' }));
    try {
      const asset = await (await session.send('GET', `/api/assets/${encodeURIComponent(id)}`)).json();
      if (this.#id !== id) return;
      this.#build(asset);
      this.#show(asset);
      if (takesFocus) this.#parts.title.focus({ preventScroll: true });
    } catch (error) {
      if (this.#id === id) this.#say(error.status === 404 ? 'This film is not here. It may have been deleted.' : [error.message, error.hint].filter(Boolean).join(' '));
    }
  }

  close() {
    this.#id = this.#asset = this.#parts = null;
    this.#root.replaceChildren();
  }

  /** Shows what has become of an asset, if it is this one. */
  take(asset) {
    if (asset.id === this.#asset?.id && isNews(asset, this.#asset)) this.#show(asset);
  }

  /** Takes files that were dropped on the film, if they are its subtitles; false for others. */
  takeFiles(files) {
    if (!this.#asset || files.length !== 1 || !isSubtitles(files[0])) return false;
    this.#subtitles.add(files[0]);
    return true;
  }

  forget(assetId) {
    if (assetId === this.#id) this.#say('This film was deleted.');
  }

  #say(sentence) {
    this.#asset = this.#parts = null;
    this.#root.replaceChildren(back(), element('p', { class: 'status', role: 'status', textContent: sentence }));
  }

  #build(asset) {
    this.#versions = new Versions(asset.id);
    this.#subtitles = new Subtitles(asset.id);
    this.#progress = new Progress();
    const act = (name, properties) => element('button', { type: 'button', onclick: () => this.#actions[name](this.#asset), ...properties });
    this.#parts = {
      picture: element('div', { class: 'picture' }),
      posterSaid: element('p', { class: 'muted', role: 'status' }),
      title: element('h2', { id: 'film-title', tabIndex: -1 }),
      state: element('span', { class: 'state' }),
      facts: element('dl', { class: 'facts' }),
      watch: element('a', { class: 'button primary', textContent: 'Watch', href: `/watch/${asset.id}` }),
      rename: element('button', { type: 'button', class: 'quiet', textContent: 'Rename', onclick: () => this.#rename() }),
      encode: act('encode', { class: 'quiet', textContent: 'Encode again' }),
      cancel: act('cancel', { class: 'quiet', textContent: 'Cancel' }),
      remove: act('remove', { class: 'quiet danger', textContent: 'Delete' }),
      priority: element('select', { onchange: () => this.#prioritise() }, ...PRIORITIES.map(([value, textContent]) => element('option', { value, textContent }))),
      failure: element('p', { class: 'error', role: 'alert' }),
      doing: element('p', { class: 'muted' }),
      rejection: element('section', { class: 'panel rejected', 'aria-label': 'Why it was rejected' }),
      notes: element('section', { class: 'panel', 'aria-label': 'Notes on the source' }),
    };
    const { title, state, facts, watch, rename: renaming, encode, cancel, remove, priority, failure, doing, rejection, notes } = this.#parts;
    this.#parts.work = element('section', { class: 'panel', 'aria-label': 'Progress' }, element('h3', { textContent: 'Progress' }), doing, this.#progress.element);
    this.#root.replaceChildren(
      back(),
      element('article', { class: 'film', 'aria-labelledby': 'film-title', 'data-asset': asset.id },
        element('div', { class: 'hero' },
          this.#posterPart(),
          element('div', { class: 'words' },
            element('div', { class: 'head' }, title, state),
            facts,
            element('div', { class: 'buttons' }, watch, renaming, encode, cancel, remove),
            element('label', { class: 'inline' }, element('span', { class: 'muted', textContent: 'Priority' }), priority),
            failure)),
        rejection, this.#parts.work, notes, this.#subtitles.element, this.#versions.element));
  }

  #show(asset) {
    const before = this.#asset;
    this.#asset = asset;
    const { picture, title, state, facts, watch, encode, cancel, remove, priority, failure, doing, work, rejection, notes } = this.#parts;
    const atWork = isAtWork(asset);
    const film = this.#root.querySelector('.film');
    film.dataset.state = asset.state;
    film.dataset.work = workOf(asset);
    title.textContent = asset.title;
    state.textContent = STATES[asset.state] ?? asset.state;
    facts.replaceChildren(...[
      ['File', asset.fileName],
      ['Size', asset.bytes > 0 ? bytes(asset.bytes) : ''],
      ['Length', asset.durationSeconds > 0 ? clock(asset.durationSeconds) : ''],
      ['Uploaded', moment(asset.createdAt)],
      ['Plays', asset.version ? `Version ${asset.version}` : asset.playableVersion && atWork ? 'From its beginning, while it is made' : ''],
    ].filter(([, value]) => value).map(([name, value]) => element('div', {}, element('dt', { textContent: name }), element('dd', { textContent: value }))));
    showPoster(picture, asset);
    watch.hidden = !asset.playableVersion;
    cancel.hidden = !atWork;
    encode.hidden = atWork;
    remove.hidden = atWork;
    if (document.activeElement !== priority) priority.value = String(asset.priority);
    failure.textContent = '';

    // How far the last attempt came says something as long as nothing was published since.
    work.hidden = !atWork && !asset.job && asset.state === 'published';
    doing.textContent = atWork ? progressSentence(asset) : workOf(asset) === 'cancelled' ? 'Cancelled' : '';
    doing.hidden = doing.textContent === '';
    this.#progress.show(asset);

    const why = rejectionOf(asset);
    rejection.hidden = !why;
    rejection.replaceChildren(...(why
      ? [
        element('h3', { textContent: asset.version ? 'The next version was rejected' : 'Rejected' }),
        element('p', { class: 'error', textContent: why.message }), why.hint ? element('p', { textContent: why.hint }) : '',
        element('p', { class: 'muted' }, element('code', { textContent: why.code })),
      ]
      : []));
    notes.hidden = !asset.notes?.length;
    notes.replaceChildren(element('h3', { textContent: 'Notes on the source' }), noteList(asset.notes ?? []));
    if (before && before.version !== asset.version) this.#parts.posterSaid.textContent = '';
    if (!before || before.version !== asset.version) {
      this.#versions.load();
      this.#subtitles.load();
    }
  }

  #posterPart() {
    const { picture, posterSaid } = this.#parts;
    const file = element('input', {
      type: 'file', class: 'visually-hidden', accept: 'image/jpeg,image/png,image/webp', tabIndex: -1, 'aria-label': 'Poster to upload',
      onchange: () => {
        const [chosen] = file.files;
        file.value = '';
        if (chosen) this.#setPoster(chosen);
      },
    });
    return element('div', { class: 'poster' }, picture,
      element('div', { class: 'buttons' },
        element('button', { type: 'button', class: 'quiet', textContent: 'Change the poster', onclick: () => file.click() }),
        element('button', { type: 'button', class: 'quiet', textContent: 'Use the film’s own', onclick: () => this.#setPoster(null) }), file),
      posterSaid);
  }

  // A picture of the team's own, or with null the film's.
  async #setPoster(picture) {
    const { posterSaid } = this.#parts;
    posterSaid.className = 'muted';
    posterSaid.textContent = picture ? 'Sending the picture…' : '';
    try {
      const path = `/api/assets/${this.#asset.id}/poster`;
      const asset = await (await (picture ? session.send('PUT', path, { body: picture }) : session.send('DELETE', path))).json();
      posterSaid.textContent = !asset.version ? 'It is taken in when the film is published.' : 'It is seen in a moment.';
      this.take(asset);
    } catch (error) {
      posterSaid.className = 'error';
      posterSaid.textContent = [error.message, error.hint].filter(Boolean).join(' ');
    }
  }

  async #rename() {
    const renamed = await rename(this.#asset);
    if (renamed) this.take(renamed);
  }

  async #prioritise() {
    const { priority, failure } = this.#parts;
    priority.disabled = true;
    try {
      this.take(await (await session.send('PATCH', `/api/assets/${this.#asset.id}`, { json: { priority: Number(priority.value) } })).json());
    } catch (error) {
      priority.value = String(this.#asset.priority);
      failure.textContent = `The priority was not changed. ${error.message}`;
    } finally {
      priority.disabled = false;
    }
  }
}

const back = () => element('p', { class: 'back' }, element('a', { href: '#films', textContent: '← Your films' }));
