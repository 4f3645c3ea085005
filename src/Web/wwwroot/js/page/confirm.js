// A question before something that cannot be taken back. <dialog> keeps the focus inside and closes on Escape, which is a no.

import { closeWhenLeft } from './close-when-left.js';
import { element } from './dom.js';

/**
 * Asks, and resolves to null for no, else to the form's values: `{ heading, subject, text, keep, act, danger, content }`; `keep` and `act`
 * name the buttons, `content` is an element with fields.
 */
export function confirm({ heading, subject, text, keep = 'Keep it', act, danger = true, content = null }) {
  const dialog = element('dialog', { class: 'sheet', 'aria-labelledby': 'confirm-heading' });
  const form = element('form', { method: 'dialog' },
    element('h2', { id: 'confirm-heading', textContent: heading }),
    subject ? element('p', {}, element('strong', { textContent: subject })) : null,
    element('p', { class: 'muted', textContent: text }),
    content,
    element('div', { class: 'buttons' },
      element('button', { type: 'submit', class: 'quiet', value: '', autofocus: true, textContent: keep }),
      element('button', { type: 'submit', class: danger ? 'danger' : 'primary', value: 'yes', id: 'confirm-now', textContent: act })));
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    closeWhenLeft(dialog);
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes' ? Object.fromEntries(new FormData(form)) : null);
      dialog.remove();
    });
  });
}
