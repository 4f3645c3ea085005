// Which subtitles a viewer reads, kept in the browser: the next film begins with them.

const KEY = 'movento.subtitles';

/** `{ name, language }`, null for none at all, or undefined where nobody has chosen yet. */
export function rememberedSubtitles() {
  try {
    const choice = JSON.parse(localStorage.getItem(KEY) ?? 'false');
    return choice === null || typeof choice === 'object' ? choice : undefined;
  } catch {
    return undefined;
  }
}

export function rememberSubtitles(choice) {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // Storage is full or forbidden: the next film begins without.
  }
}
