// Subtitles of a film that were uploaded as files: what there is, another one, away with one.

import { confirm } from '../page/confirm.js';
import { element } from '../page/dom.js';
import { askBySheet, field } from '../page/form-sheet.js';
import { bytes } from '../page/format.js';
import { session } from '../session/session.js';
import { noteList } from './notes.js';

const ROLES = [
  ['subtitle', 'Subtitles: what is said'],
  ['caption', 'Captions: what is heard, for who does not hear'],
  ['forced-subtitle', 'Forced: only what is not in the film’s language'],
  ['commentary', 'Commentary'],
  ['easyreader', 'Easy to read'],
];

// To choose from; any other BCP 47 tag may be typed.
const LANGUAGES = [
  'ar', 'bg', 'cs', 'da', 'de', 'el', 'en', 'en-GB', 'es', 'es-419', 'et', 'fi', 'fr', 'fr-CA', 'he', 'hi', 'hr', 'hu', 'id', 'it', 'ja', 'ko', 'lt', 'lv', 'nb', 'nl',
  'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sk', 'sl', 'sr', 'sv', 'th', 'tr', 'uk', 'vi', 'zh-Hans', 'zh-Hant',
];

const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

// A tag that the browser knows nothing of is shown as it is.
function nameOf(language) {
  try {
    return names.of(language);
  } catch {
    return language;
  }
}

/** Whether a file is one of subtitles, by its name. */
export const isSubtitles = ({ name }) => /\.(srt|vtt)$/i.test(name);

export class Subtitles {
  #assetId;
  #list = element('ul', { class: 'sidecars' });
  #status = element('p', { class: 'muted', role: 'status' });
  #add = element('button', { type: 'button', class: 'quiet', textContent: 'Add subtitles', onclick: () => this.add() });
  #loads = 0;

  constructor(assetId) {
    this.#assetId = assetId;
    this.element = element('section', { class: 'panel', 'aria-label': 'Subtitles' },
      element('div', { class: 'title-row' }, element('h3', { textContent: 'Subtitles' }), this.#add), this.#status, this.#list);
  }

  async load() {
    const load = ++this.#loads;
    try {
      const { items } = await (await session.send('GET', this.#path())).json();
      if (load !== this.#loads) return;
      this.#say(items.length > 0 ? '' : 'None were uploaded. Those that the film’s own file holds are in every version already.');
      this.#list.replaceChildren(...items.map((item) => this.#row(item)));
    } catch (error) {
      if (load === this.#loads) this.#say(sentence(error), true);
    }
  }

  /** Asks for a file, unless there is one, and for what it is; then sends it. */
  async add(chosen = null) {
    const file = element('input', { type: 'file', accept: '.srt,.vtt,text/vtt,application/x-subrip', required: true });
    const language = element('input', {
      type: 'text', name: 'language', maxLength: 35, pattern: '[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*', autocomplete: 'off', spellcheck: false,
      placeholder: 'en, pt-BR, zh-Hant …', title: 'A tag such as en, pt-BR or zh-Hant',
    });
    language.setAttribute('list', 'languages');
    const guess = ({ name }) => { language.value ||= name.match(/\.([A-Za-z]{2,3}(-[A-Za-z]{2})?)\.[^.]+$/)?.[1] ?? ''; };
    file.addEventListener('change', () => { if (file.files[0]) guess(file.files[0]); });
    if (chosen) guess(chosen);
    const made = await askBySheet({
      heading: 'Add subtitles', act: 'Add', wide: true,
      fields: [
        chosen ? element('p', {}, element('strong', { textContent: chosen.name })) : field('SubRip or WebVTT file', file),
        field('Language (optional)', language),
        element('datalist', { id: 'languages' }, ...LANGUAGES.map((value) => element('option', { value, label: nameOf(value) }))),
        field('What they are', element('select', { name: 'role' }, ...ROLES.map(([value, textContent]) => element('option', { value, textContent })))),
        field('Name in the menu (optional)', element('input', { type: 'text', name: 'name', maxLength: 100, autocomplete: 'off' })),
      ],
      send: (form) => {
        const body = chosen ?? file.files[0];
        const asked = new URLSearchParams({ fileName: body.name });
        for (const [key, value] of new FormData(form)) if (value.trim()) asked.set(key, value.trim());
        return session.send('POST', `${this.#path()}?${asked}`, { body });
      },
    });
    if (made) await this.load();
  }

  #row(item) {
    const { name, language, role, fileName, published, notes } = item;
    const facts = [language ? nameOf(language) : '', ROLES.find(([value]) => value === role)?.[1].split(':')[0] ?? role, fileName, bytes(item.bytes)];
    return element('li', { 'data-subtitles': item.id },
      element('div', { class: 'words' },
        element('div', { class: 'head' },
          element('strong', { lang: language, textContent: name }),
          element('span', { class: 'state', 'data-plays': String(published), textContent: published ? 'Shown' : 'Not in a version yet' })),
        element('p', { class: 'muted', textContent: facts.filter(Boolean).join(' · ') }),
        notes.length > 0 ? noteList(notes) : null),
      element('button', { type: 'button', class: 'quiet danger', textContent: 'Remove', 'aria-label': `Remove ${name}`, onclick: () => this.#remove(item) }));
  }

  async #remove({ id, name }) {
    if (!await confirm({ heading: 'Remove these subtitles?', subject: name, act: 'Remove', text: 'The film is made anew without them, and without an encode.' })) return;
    try {
      await session.send('DELETE', this.#path(id));
    } catch (error) {
      if (error.status !== 404) {
        this.#say(`They were not removed. ${sentence(error)}`, true);
        return;
      }
    }
    await this.load();
    this.#add.focus();
  }

  #say(text, isError = false) {
    this.#status.className = isError ? 'error' : 'muted';
    this.#status.textContent = text;
  }

  #path(id) {
    return `/api/assets/${this.#assetId}/subtitles${id ? `/${id}` : ''}`;
  }
}

const sentence = (error) => [error.message, error.hint].filter(Boolean).join(' ');
