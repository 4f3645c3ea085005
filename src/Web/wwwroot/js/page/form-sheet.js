// A dialog with fields that stays until the server has taken what is in it. <dialog> keeps the focus inside, and gives it back.

import { element } from './dom.js';

/** A labelled field of a sheet. */
export const field = (label, input) => element('label', { class: 'field' }, element('span', { textContent: label }), input);

/**
 * Asks, has `send(form)` send it, and resolves to what the server answered with, or to null. `send` throws for what is wrong; it is shown and the sheet stays.
 * `fields` are elements, the first of which that takes the focus gets it.
 */
export function askBySheet({ heading, act, fields, send, wide = false }) {
  const error = element('p', { class: 'error', role: 'alert' });
  const submit = element('button', { type: 'submit', class: 'primary', textContent: act });
  const dialog = element('dialog', { class: wide ? 'sheet wide' : 'sheet', 'aria-labelledby': 'sheet-heading' });
  const form = element('form', {},
    element('h2', { id: 'sheet-heading', textContent: heading }),
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
        answer = await (await send(form)).json();
        dialog.close();
      } catch (refusal) {
        error.textContent = [refusal.message, refusal.hint].filter(Boolean).join(' ');
      } finally {
        submit.disabled = false;
      }
    });
    dialog.addEventListener('close', () => { dialog.remove(); resolve(answer); });
  });
}
