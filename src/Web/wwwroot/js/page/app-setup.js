// How an authenticator app is told its secret: a picture to scan, a link for an app on the same device, and the secret itself to type.

import { element } from './dom.js';
import { qrCode } from './qr-code.js';

/** `{secret, uri}` as the server gives it. */
export function appSetup({ secret, uri }) {
  const picture = element('div', { class: 'qr', role: 'img', 'aria-label': 'QR code for your authenticator app' });
  // A library of its own, which few visits need; without it there are still the link and the secret.
  qrCode(uri).then((svg) => picture.append(svg), () => picture.remove());
  return element('div', { class: 'app-setup' },
    picture,
    element('p', {}, 'Scan this with your authenticator app, or ', element('a', { href: uri, textContent: 'open the app on this device' }), ', or type the secret:'),
    element('code', { class: 'typed', textContent: secret.match(/.{1,4}/g).join(' ') }));
}
