// Buttons that do something of the server's, and say what went wrong.

import { element } from './dom.js';

/** A sentence for what did not succeed. */
export const sentence = (error) => [error.message, error.hint].filter(Boolean).join(' ');

/** A button that waits while `act` is done; what fails stands in `status`. */
export function actButton(text, kind, status, act) {
  const button = element('button', { type: 'button', class: kind, textContent: text });
  button.addEventListener('click', async () => {
    button.disabled = true;
    status.textContent = '';
    try {
      await act();
    } catch (error) {
      status.textContent = sentence(error);
    } finally {
      button.disabled = false;
    }
  });
  return button;
}
