// Server-sent events (HTML Living Standard §9.2) over fetch: EventSource cannot send an Authorization header.

// An event is one asset; no honest one is near this long.
const LONGEST_EVENT = 256 * 1024;

/**
 * Yields `{ id, event, data }` for each event of the response's body until it ends; an id that came without data, which only says from
 * where to go on, with `event` null. `heard()` is called for every sign of life.
 */
export async function* readEvents(response, heard = () => {}) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      rest += value;
      if (rest.length > LONGEST_EVENT) throw new Error('The event stream is malformed.');
      const blocks = rest.replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const parsed = parse(block);
        if (parsed) yield parsed;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parse(block) {
  let event = 'message';
  let id = null;
  const data = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
  }
  if (data.length > 0) return { id, event, data: data.join('\n') };
  return id === null ? null : { id, event: null, data: '' };
}
