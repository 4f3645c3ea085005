// Chosen files, sent one after the other: each as fast as the line allows, in the order in which they were chosen.

import { element, find } from '../page/dom.js';
import { bytes } from '../page/format.js';
import { titleOf, upload } from './upload.js';

export class UploadQueue {
  #list;
  #arrived;
  #waiting = [];
  #isSending = false;

  /** `arrived(assetId)` is called for each file that the server has safely. */
  constructor(list, arrived) {
    this.#list = list;
    this.#arrived = arrived;
    addEventListener('beforeunload', (event) => { if (this.#isSending) event.preventDefault(); });
  }

  add(files) {
    for (const file of files) {
      const item = row(file);
      this.#list.append(item.element);
      this.#waiting.push({ file, item });
    }
    this.#sendNext();
  }

  async #sendNext() {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) await this.#send(job);
    this.#isSending = false;
  }

  async #send({ file, item }) {
    if (item.signal.aborted) return;
    try {
      const { assetId } = await upload(file, item.title, item.show, item.signal);
      item.element.remove();
      await this.#arrived(assetId);
    } catch (error) {
      if (error.code === 'cancelled') return;
      item.fail([error.message, error.hint].filter(Boolean).join(' '), () => this.#again(file, item));
    }
  }

  #again(file, failed) {
    failed.element.remove();
    this.add([file]);
  }
}

function row(file) {
  const cancel = new AbortController();
  const bar = element('progress', { max: 1, value: 0, 'aria-label': `Sending ${file.name}` });
  const note = element('p', { class: 'muted', role: 'status', textContent: `Waiting · ${bytes(file.size)}` });
  const buttons = element('div', { class: 'buttons' });
  const box = element('li', { class: 'upload' }, element('h3', { textContent: file.name }), bar, note, buttons);
  buttons.append(element('button', {
    type: 'button', class: 'quiet', textContent: 'Cancel', 'aria-label': `Cancel ${file.name}`,
    onclick: () => { cancel.abort(); box.remove(); },
  }));
  return {
    element: box,
    title: titleOf(file.name),
    signal: cancel.signal,
    show(share) {
      bar.value = share;
      note.textContent = share < 1 ? `${Math.floor(share * 100)} % of ${bytes(file.size)}` : 'Sent. Waiting for the server to confirm…';
    },
    fail(sentence, again) {
      bar.remove();
      note.className = 'error';
      note.textContent = sentence;
      buttons.prepend(element('button', { type: 'button', class: 'quiet', textContent: 'Send again', onclick: again }));
      find('button:last-child', buttons).textContent = 'Dismiss';
    },
  };
}
