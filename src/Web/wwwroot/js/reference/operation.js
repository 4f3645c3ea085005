// One operation: closed a line of method, path and summary; open everything that it takes and answers.

import { element } from '../page/dom.js';
import { command } from './command.js';
import { resolve, typeName, schemaMembers, bounds } from './schema.js';
import { inline, written } from './written.js';

const keys = { accessToken: 'an access token', apiKey: 'an API key', refreshCookie: 'the refresh cookie' };

/** The operation's element, and the text that a filter looks at. */
export function operationEntry(operation, document_) {
  const details = element('details', { class: 'operation', id: operation.operationId },
    element('summary', {},
      element('span', { class: `method ${operation.method}`, textContent: operation.method.toUpperCase() }),
      element('code', { class: 'path' }, ...pathParts(operation.path)),
      element('span', { class: 'muted', textContent: operation.summary })));
  let isBuilt = false;
  details.addEventListener('toggle', () => {
    if (isBuilt || !details.open) return;
    isBuilt = true;
    details.append(body(operation, document_));
  });
  const text = [operation.operationId, operation.method, operation.path, operation.summary, operation.description, ...(operation.parameters ?? []).map((one) => one.name)];
  return { element: details, text: text.filter(Boolean).join('\n').toLowerCase() };
}

// A long path breaks after its slashes.
function pathParts(path) {
  return path.split(/(?<=\/)/).flatMap((part) => [part, document.createElement('wbr')]);
}

function body(operation, document_) {
  const parameters = operation.parameters ?? [];
  return element('div', { class: 'body' },
    ...written(operation.description ?? ''),
    element('p', { class: 'muted', textContent: needed(operation.security) }),
    block('Parameters', parameters.length === 0 ? null : list(parameters.map((one) => parameter(one, document_)))),
    block('Body', operation.requestBody ? requestBody(operation.requestBody, document_) : null),
    block('Answers', list(Object.entries(operation.responses).map(([status, answer]) => response(status, answer, document_)))),
    block('With curl', element('pre', { tabIndex: 0 }, element('code', { textContent: command(operation, document_) }))),
    element('p', {}, element('a', { href: `#${operation.operationId}`, textContent: `Link to ${operation.operationId}` })));
}

function needed(security) {
  if (!security || security.length === 0) return 'For anybody.';
  const ways = security.map((way) => Object.keys(way).map((key) => keys[key] ?? key).join(' and '));
  return `Needs ${ways.join(', or ')}.`;
}

function block(heading, content) {
  return content === null ? null : element('section', {}, element('h3', { textContent: heading }), content);
}

function list(items) {
  return element('ul', { class: 'members' }, ...items);
}

function parameter(one, document_) {
  return element('li', {},
    element('p', {},
      element('code', { class: 'name', textContent: one.name }), ' ',
      element('span', { class: 'type', textContent: `${one.in}, ${typeName(one.schema, document_)}` }),
      one.required ? element('span', { class: 'needed', textContent: 'needed' }) : null),
    ...inlineParagraph([one.description, bounds(one.schema)]));
}

function requestBody(content, document_) {
  const [[, media]] = Object.entries(content.content);
  return element('div', {},
    element('p', { class: 'muted', textContent: `${Object.keys(content.content).join(', ')}${content.required ? '' : '; may be left out'}` }),
    ...inlineParagraph([content.description]),
    media.schema ? schemaMembers(media.schema, document_) : null);
}

function response(status, answer, document_) {
  const [type, media] = Object.entries(answer.content ?? {})[0] ?? [];
  const isProblem = type === 'application/problem+json';
  return element('li', {},
    element('p', {},
      element('code', { class: `name status-${status[0]}`, textContent: status }), ' ',
      element('span', { class: 'type', textContent: isProblem ? 'problem' : type ?? 'no body' })),
    ...written(answer.description ?? ''),
    ...Object.entries(answer.headers ?? {}).flatMap(([name, header]) => inlineParagraph([`\`${name}\`: ${header.description}`])),
    media?.schema && !isProblem ? schemaMembers(resolve(media.schema, document_), document_) : null);
}

function inlineParagraph(sentences) {
  const text = sentences.filter(Boolean).join(' ');
  return text ? [element('p', {}, ...inline(text))] : [];
}
