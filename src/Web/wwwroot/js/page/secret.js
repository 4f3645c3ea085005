// What is shown once: a secret, or several. Only its own button closes it: a browser lets nobody keep a dialog from a second Escape, so it opens again.

import { element } from './dom.js';

/** Shows a secret, or several, one a line; resolves once somebody says that they have kept it. */
export function showSecret(secret, text, heading = 'Keep this secret') {
  const lines = [secret].flat();
  const properties = { class: 'secret', readOnly: true, value: lines.join('\n'), 'aria-label': 'Secret', spellcheck: false, onfocus: ({ target }) => target.select() };
  const field = lines.length > 1 ? element('textarea', { rows: lines.length, ...properties }) : element('input', { type: 'text', ...properties });
  const copied = element('span', { class: 'muted', role: 'status' });
  const dialog = element('dialog', { class: 'sheet wide', 'aria-labelledby': 'secret-heading' },
    element('form', { method: 'dialog' },
      element('h2', { id: 'secret-heading', textContent: heading }),
      element('p', { textContent: text }),
      field,
      element('div', { class: 'buttons' },
        copied,
        element('button', { type: 'button', class: 'quiet', textContent: 'Copy', onclick: () => copy(field, copied) }),
        element('button', { type: 'submit', class: 'primary', value: 'kept', textContent: 'I have kept it' }))));
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      if (dialog.returnValue !== 'kept') {
        dialog.showModal();
        return;
      }
      field.value = '';
      dialog.remove();
      resolve();
    });
  });
}

async function copy(field, copied) {
  try {
    await navigator.clipboard.writeText(field.value);
    copied.textContent = 'Copied.';
  } catch {
    // Without HTTPS there is no clipboard: it is selected, for the keyboard.
    field.focus();
    copied.textContent = 'Selected: copy it with the keyboard.';
  }
}
