// What may undo an account wants a sign-in of the last minutes. Whoever's is older is asked once more, where it is needed, and goes on.

import { session } from '../session/session.js';
import { element } from './dom.js';
import { askBySheet, field } from './form-sheet.js';

/** Does `work`; where that wants a recent sign-in, asks for one and does it again. Resolves to null where somebody would rather not. */
export async function recently(work) {
  try {
    return await work();
  } catch (error) {
    if (error.code !== 'reauthentication_required') throw error;
  }
  return (await askAgain()) ? work() : null;
}

async function askAgain() {
  const { isOn } = await (await session.send('GET', '/api/users/me/second-factor')).json();
  return askBySheet({
    heading: 'Is it you?',
    act: 'Go on',
    fields: factors(isOn),
    send: ({ elements }) => session.reauthenticate(elements.password.value, elements.code?.value),
  });
}

/** The fields of every factor of an account. */
export function factors(hasSecondFactor) {
  return [
    field('Password', element('input', { type: 'password', name: 'password', required: true, maxLength: 256, autocomplete: 'current-password' })),
    hasSecondFactor
      ? field('Code of your authenticator app, or a recovery code', element('input', { type: 'text', name: 'code', required: true, maxLength: 40, autocomplete: 'one-time-code' }))
      : null,
  ].filter(Boolean);
}
