// QR codes, as pictures that are built and never parsed.

const SVG = 'http://www.w3.org/2000/svg';

/** The text as a QR code. */
export async function qrCode(text) {
  const { encode } = await import('../../lib/uqr-0.1.3/uqr.mjs');
  // The margin is part of the code: readers find it by that (ISO/IEC 18004, 4 modules).
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join(''));
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.append(path);
  return svg;
}
