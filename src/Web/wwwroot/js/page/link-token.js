// The secret of a mail's link. It stands behind the '#', which browsers send to nobody; it leaves the address at once, so that it stays in no history.

/** Takes the token out of the address; null where there is none. */
export function takeLinkToken() {
  const inAddress = () => new URLSearchParams(location.hash.slice(1)).get('token');
  const token = inAddress();
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  // A link that is opened where its page is open already changes the fragment alone: the page begins anew with it.
  addEventListener('hashchange', () => { if (inAddress()) location.reload(); });
  return token || null;
}

/** Calls `work` when the form is sent, which waits meanwhile; what fails stands in `status`. */
export function onSend(form, status, work) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    status.classList.remove('error');
    status.textContent = '';
    try {
      await work(new FormData(form));
    } catch (error) {
      status.classList.add('error');
      status.textContent = [error.message, error.hint].filter(Boolean).join(' ');
    } finally {
      button.disabled = false;
    }
  });
}
