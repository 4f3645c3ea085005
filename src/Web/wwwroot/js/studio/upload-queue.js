// Chosen files, sent one after the other: each as fast as the line allows, in the order in which they were chosen.

import { element, find } from '../page/dom.js';
import { bytes } from '../page/format.js';
import { titleOf, upload } from './upload.js';

export class UploadQueue {
  #list;
  #arrived;
  #waiting = [];
  #isSending = false;
  #sent = null;

  /** `arrived(assetId)` is called for each file that the server has safely. */
  constructor(list, arrived) {
    this.#list = list;
    this.#arrived = arrived;
    addEventListener('beforeunload', (event) => { if (this.#isSending) event.preventDefault(); });
  }

  /** Whether this asset is the file that is being sent here. */
  isSending(assetId) {
    return assetId === this.#sent;
  }

  /** `priority`: −1, 0 or 1. */
  add(files, priority) {
    for (const file of files) {
      const item = row(file);
      this.#list.append(item.element);
      this.#waiting.push({ file, priority, item });
    }
    this.#sendNext();
  }

  async #sendNext() {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) await this.#send(job);
    this.#isSending = false;
  }

  async #send({ file, priority, item }) {
    if (item.signal.aborted) return;
    if (file.size === 0) return item.fail('The file is empty. If it is still being exported or copied, choose it again afterwards.');
    try {
      const { assetId } = await upload(file, {
        title: item.title, priority, begun: (id) => { this.#sent = id; }, progress: item.show, signal: item.signal,
      });
      this.#sent = null;
      item.element.remove();
      await this.#arrived(assetId);
    } catch (error) {
      this.#sent = null;
      if (error.code === 'cancelled') return;
      item.fail([error.message, error.hint].filter(Boolean).join(' '), () => this.#again(file, priority, item));
    }
    return undefined;
  }

  #again(file, priority, failed) {
    failed.element.remove();
    this.add([file], priority);
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
      if (again) buttons.prepend(element('button', { type: 'button', class: 'quiet', textContent: 'Send again', onclick: again }));
      find('button:last-child', buttons).textContent = 'Dismiss';
    },
  };
}
