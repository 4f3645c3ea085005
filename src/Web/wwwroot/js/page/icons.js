// Icons as path data on a 24 × 24 grid, drawn in the colour of the text around them.

const PATHS = {
  play: 'M8 5.5v13a.6.6 0 0 0 .9.5l10.4-6.5a.6.6 0 0 0 0-1L8.900 5a.6.6 0 0 0-.9.5Z',
  pause: 'M7 5h3.500v14H7zM13.500 5H17v14h-3.500z',
  replay: 'M12 5V2L7.500 6 12 10V7a5.500 5.500 0 1 1-5.500 5.500h-2A7.500 7.500 0 1 0 12 5Z',
  volume: 'M4 9.500v5h3.500L12 19V5L7.500 9.500H4Zm10.500-1.700v8.400a4.500 4.500 0 0 0 0-8.400Zm0-4.100v2.100a6.500 6.500 0 0 1 0 12.400v2.100a8.500 8.500 0 0 0 0-16.600Z',
  muted: 'M4 9.500v5h3.500L12 19V5L7.500 9.500H4Zm16.600 0-1.400-1.400-2.200 2.200-2.200-2.200-1.400 1.400 2.200 2.200-2.200 2.200 1.400 1.400 2.200-2.200 2.200 2.200 1.400-1.400-2.200-2.200 2.200-2.200Z',
  quality: 'M19.400 13a7.600 7.600 0 0 0 0-2l2.100-1.600-2-3.500-2.500 1a7.300 7.300 0 0 0-1.700-1L15 3.300h-4l-.4 2.600c-.6.3-1.200.6-1.700 1l-2.500-1-2 3.500L6.600 11a7.600 7.600 0 0 0 0 2l-2.100 1.600 2 3.500 2.500-1c.5.4 1.100.7 1.700 1l.4 2.600h4l.3-2.600c.6-.3 1.200-.6 1.700-1l2.500 1 2-3.500L19.400 13ZM13 15.300a3.300 3.300 0 1 1 0-6.600 3.300 3.300 0 0 1 0 6.600Z',
  audio: 'M12 3v10.600a3.800 3.800 0 1 0 2 3.400V7h4V3h-6Z',
  subtitles: 'M4 5h16v14H4V5Zm2 2v10h12V7H6Zm1.500 4h5v1.800h-5V11Zm6.500 0h2.500v1.800H14V11Zm-6.500 3h2.500v1.800H7.500V14Zm4 0h5v1.800h-5V14Z',
  chapters: 'M4 5h2v2H4V5Zm4 0h12v2H8V5ZM4 11h2v2H4v-2Zm4 0h12v2H8v-2Zm-4 6h2v2H4v-2Zm4 0h12v2H8v-2Z',
  enter: 'M5 14H3v7h7v-2H5v-5Zm0-4V5h5V3H3v7h2Zm14 9h-5v2h7v-7h-2v5ZM14 3v2h5v5h2V3h-7Z',
  leave: 'M3 16h5v5h2v-7H3v2Zm5-8H3v2h7V3H8v5Zm6 13h2v-5h5v-2h-7v7Zm2-13V3h-2v7h7V8h-5Z',
  person: 'M12 12a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9Zm0 2c-4.400 0-8 2.200-8 5v2h16v-2c0-2.800-3.600-5-8-5Z',
  upload: 'M11 16V7.800L7.700 11.100 6.300 9.700 12 4l5.700 5.700-1.400 1.400L13 7.800V16h-2Zm-7 2h16v2H4v-2Z',
};

/** An icon; decorative, so hidden from assistive technology: the button around it carries the label. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  path.setAttribute('fill', 'currentColor');
  svg.append(path);
  return svg;
}

/** Gives a button its icon and its label, which is also its tooltip. */
export function dress(button, name, label) {
  if (button.dataset.icon !== name) {
    button.dataset.icon = name;
    button.querySelector('svg')?.remove();
    button.prepend(icon(name));
  }
  if (label) {
    button.setAttribute('aria-label', label);
    button.title = label;
  }
}
