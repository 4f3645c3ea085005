// A dialog with fields that stays until the server has taken what is in it. <dialog> keeps the focus inside, and gives it back.

import { closeWhenLeft } from './close-when-left.js';
import { element } from './dom.js';

/** A labelled field of a sheet. */
export const field = (label, input) => element('label', { class: 'field' }, element('span', { textContent: label }), input);

/**
 * Asks, has `send(form)` send it, and resolves to what the server answered with (true where that is nothing), or to null. `send` throws for what is wrong; it is
 * shown and the sheet stays, as it does where `send` resolves to null.
 * `fields` are elements, the first of which that takes the focus gets it.
 */
export function askBySheet({ heading, act, fields, send, wide = false }) {
  const error = element('p', { class: 'error', role: 'alert' });
  const submit = element('button', { type: 'submit', class: 'primary', textContent: act });
  // One may lie over another.
  const id = `sheet-heading-${document.querySelectorAll('dialog').length}`;
  const dialog = element('dialog', { class: wide ? 'sheet wide' : 'sheet', 'aria-labelledby': id });
  const form = element('form', {},
    element('h2', { id, textContent: heading }),
    ...fields, error,
    element('div', { class: 'buttons' },
      element('button', { type: 'button', class: 'quiet', textContent: 'Leave it', onclick: () => dialog.close() }), submit));
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector('input, select')?.focus();

  return new Promise((resolve) => {
    let answer = null;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      error.textContent = '';
      submit.disabled = true;
      try {
        const response = await send(form);
        if (response === null) return;
        answer = response?.headers?.get('Content-Type')?.includes('json') ? await response.json() : true;
        dialog.close();
      } catch (refusal) {
        error.textContent = [refusal.message, refusal.hint].filter(Boolean).join(' ');
      } finally {
        submit.disabled = false;
      }
    });
    closeWhenLeft(dialog);
    dialog.addEventListener('close', () => { dialog.remove(); resolve(answer); });
  });
}
