// Dialogs that belong to a view.

/** Closes an open dialog, without an answer, when its viewer goes back: what it asks about is left behind. */
export function closeWhenLeft(dialog) {
  const leave = () => dialog.close('');
  addEventListener('hashchange', leave);
  dialog.addEventListener('close', () => removeEventListener('hashchange', leave));
}
