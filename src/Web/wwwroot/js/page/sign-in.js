// The dialog to sign in or to open an account. <dialog> keeps the focus inside and closes on Escape.

import { session } from '../session/session.js';
import { element } from './dom.js';

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

  constructor() {
    this.heading = element('h2', { id: 'sign-in-heading' });
    this.reason = element('p', { class: 'muted' });
    this.name = field('Name', { name: 'name', autocomplete: 'name', maxLength: 100 });
    this.email = field('Email', { name: 'email', type: 'email', autocomplete: 'username', required: true, maxLength: 254 });
    this.password = field('Password', { name: 'password', type: 'password', required: true, maxLength: 256 });
    this.code = field('Code of your authenticator app, or a recovery code', { name: 'code', autocomplete: 'one-time-code', maxLength: 40 });
    this.error = element('p', { class: 'error', role: 'alert', id: 'sign-in-error' });
    this.submit = element('button', { type: 'submit', class: 'primary wide' });
    this.other = element('button', { type: 'button', class: 'link', onclick: () => this.#show(!this.#registering) });
    this.forgotten = element('a', { class: 'muted', href: '/reset', textContent: 'I have forgotten my password' });
    this.form = element('form', { id: 'sign-in-form', onsubmit: (event) => { event.preventDefault(); this.#send(); } },
      this.name.label, this.email.label, this.password.label, this.code.label, this.error, this.submit);
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

  // Between the first factor and the second, only the code is asked for.
  #awaitCode(ticket) {
    this.#ticket = ticket;
    this.code.label.hidden = !ticket;
    this.code.input.required = Boolean(ticket);
    this.code.input.value = '';
    for (const { label } of [this.email, this.password]) label.hidden = Boolean(ticket);
    if (ticket) this.code.input.focus();
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
      if (this.#ticket) {
        await session.signInWithCode(this.#ticket, this.code.input.value);
      } else {
        const ticket = await session.signIn(email, password);
        if (ticket) {
          this.#awaitCode(ticket);
          return;
        }
      }
      this.dialog.close();
    } catch (error) {
      if (error.code === 'invalid_ticket') this.#awaitCode(null);
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
  return { input, label: element('label', { class: 'field' }, element('span', { textContent: label }), input) };
}
