// The little CommonMark that descriptions use: paragraphs, lists and code. Built as elements, never parsed as markup.

import { element } from '../page/dom.js';

/** Text with `code` in it. */
export function inline(text) {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? element('code', { textContent: part }) : part));
}

/** Paragraphs and lists. */
export function written(text) {
  return text.split(/\n{2,}/).filter((part) => part.trim()).map((part) => {
    const lines = part.split('\n');
    return lines.every((line) => line.startsWith('- '))
      ? element('ul', { class: 'points' }, ...lines.map((line) => element('li', {}, ...inline(line.slice(2)))))
      : element('p', {}, ...inline(lines.join(' ')));
  });
}
