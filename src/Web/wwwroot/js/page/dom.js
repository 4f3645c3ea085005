// Elements are built, never parsed: text is always text, whatever a title holds.

/**
 * `element('p', { class: 'hint', hidden: true, onclick: f }, 'text', child)`: keys that are properties of the element
 * are set as properties, the others as attributes; null children are left out.
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key in made && key !== 'role') made[key] = value;
    else made.setAttribute(key === 'class' ? 'class' : key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The one element of this page that matches; a page without it is a mistake of ours, said at once. */
export function find(selector, within = document) {
  const found = within.querySelector(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}
