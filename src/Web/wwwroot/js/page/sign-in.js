// The dialog to sign in or to open an account. <dialog> keeps the focus inside and closes on Escape.

import { send } from '../session/api.js';
import { session } from '../session/session.js';
import { appSetup } from './app-setup.js';
import { element } from './dom.js';
import { showSecret } from './secret.js';

const CODE = 'Code of your authenticator app, or a recovery code';

let dialog;

/** Asks, and resolves to whether somebody is signed in now. */
export function askToSignIn(reason) {
  dialog ??= new SignInDialog();
  return dialog.ask(reason);
}

class SignInDialog {
  #registering = false;
  #answer = null;
  #ticket = null;
  #mustEnrol = false;

  constructor() {
    this.heading = element('h2', { id: 'sign-in-heading' });
    this.reason = element('p', { class: 'muted' });
    this.name = field('Name', { name: 'name', autocomplete: 'name', maxLength: 100 });
    this.email = field('Email', { name: 'email', type: 'email', autocomplete: 'username', required: true, maxLength: 254 });
    this.password = field('Password', { name: 'password', type: 'password', required: true, maxLength: 256 });
    this.code = field(CODE, { name: 'code', autocomplete: 'one-time-code', maxLength: 40 });
    this.setup = element('div', { hidden: true });
    this.error = element('p', { class: 'error', role: 'alert', id: 'sign-in-error' });
    this.submit = element('button', { type: 'submit', class: 'primary wide' });
    this.other = element('button', { type: 'button', class: 'link', onclick: () => this.#show(!this.#registering) });
    this.forgotten = element('a', { class: 'muted', href: '/reset', textContent: 'I have forgotten my password' });
    this.form = element('form', { id: 'sign-in-form', onsubmit: (event) => { event.preventDefault(); this.#send(); } },
      this.name.label, this.email.label, this.password.label, this.setup, this.code.label, this.error, this.submit);
    this.dialog = element('dialog', { class: 'sheet', 'aria-labelledby': 'sign-in-heading', onclose: () => this.#close() },
      element('button', { type: 'button', class: 'close', 'aria-label': 'Close', textContent: '×', onclick: () => this.dialog.close() }),
      this.heading, this.reason, this.form, this.other, this.forgotten);
    document.body.append(this.dialog);
  }

  ask(reason) {
    this.reason.textContent = reason ?? '';
    this.reason.hidden = !reason;
    this.#show(false);
    if (!this.dialog.open) this.dialog.showModal();
    this.email.input.focus();
    return new Promise((resolve) => { this.#answer = resolve; });
  }

  #show(registering) {
    this.#registering = registering;
    this.#awaitCode(null);
    this.heading.textContent = registering ? 'Open an account' : 'Sign in';
    this.submit.textContent = registering ? 'Open account' : 'Sign in';
    this.other.textContent = registering ? 'I have an account' : 'I am new here';
    this.name.label.hidden = !registering;
    this.forgotten.hidden = registering;
    this.password.input.autocomplete = registering ? 'new-password' : 'current-password';
    this.error.textContent = '';
  }

  // Between the first factor and the second, only the code is asked for; of whoever must have a second factor and has none, that of an app to be set up.
  async #awaitCode(awaited) {
    this.#ticket = awaited?.ticket ?? null;
    this.#mustEnrol = awaited?.mustEnrol ?? false;
    this.code.label.hidden = !awaited;
    this.code.input.required = Boolean(awaited);
    this.code.input.value = '';
    this.code.words.textContent = this.#mustEnrol ? 'The code that the app shows' : CODE;
    this.setup.hidden = !this.#mustEnrol;
    this.setup.replaceChildren();
    this.other.hidden = Boolean(awaited);
    if (awaited) this.forgotten.hidden = true;
    for (const { label } of [this.email, this.password]) label.hidden = Boolean(awaited);
    if (this.#mustEnrol) {
      this.heading.textContent = 'Set up a second factor';
      this.submit.textContent = 'Turn it on and sign in';
      this.setup.append(
        element('p', { class: 'muted', textContent: 'Your account signs in with an authenticator app from now on.' }),
        appSetup(await (await send('POST', '/api/auth/login/enrolment', { json: { ticket: this.#ticket } })).json()));
    }
    if (awaited) this.code.input.focus();
  }

  async #send() {
    const [email, password] = [this.email.input.value.trim(), this.password.input.value];
    this.error.textContent = '';
    this.submit.disabled = true;
    this.form.setAttribute('aria-busy', 'true');
    try {
      if (this.#registering && (await session.register(email, password, this.name.input.value.trim())).isConfirmationRequired) {
        this.#show(false);
        this.reason.hidden = false;
        this.reason.textContent = 'Look into your mail: open the link there, then sign in.';
        return;
      }
      if (this.#mustEnrol) {
        const codes = await session.signInEnrolling(this.#ticket, this.code.input.value);
        this.dialog.close();
        await showSecret(codes, 'Each of these signs in once in place of the app. They are shown this once.', 'Keep your recovery codes');
        return;
      }
      if (this.#ticket) {
        await session.signInWithCode(this.#ticket, this.code.input.value);
      } else {
        const awaited = await session.signIn(email, password);
        if (awaited) {
          await this.#awaitCode(awaited);
          return;
        }
      }
      this.dialog.close();
    } catch (error) {
      if (error.code === 'invalid_ticket') this.#show(false);
      this.error.textContent = this.#sentence(error);
      (this.#ticket ? this.code : this.password).input.select();
    } finally {
      this.submit.disabled = false;
      this.form.removeAttribute('aria-busy');
    }
  }

  #sentence(error) {
    if (error.code !== 'invalid_credentials') return [error.message, error.hint].filter(Boolean).join(' ');
    // Registering answers the same for an address that exists already, so that nobody can probe for addresses.
    return this.#registering
      ? 'This address cannot be used with this password. If you have an account, sign in instead.'
      : ['The email address or the password is wrong.', error.hint].filter(Boolean).join(' ');
  }

  #close() {
    this.password.input.value = '';
    this.#answer?.(session.user !== null);
    this.#answer = null;
  }
}

function field(label, properties) {
  const input = element('input', { type: 'text', 'aria-describedby': 'sign-in-error', ...properties });
  const words = element('span', { textContent: label });
  return { input, words, label: element('label', { class: 'field' }, words, input) };
}
