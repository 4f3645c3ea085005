// JSON schemas of the document, as lists of members; a member that has members of its own opens when it is wanted.

import { element } from '../page/dom.js';
import { inline } from './written.js';

/** What a reference refers to. */
export function resolve(schema, document_) {
  let found = schema;
  while (found?.$ref) found = found.$ref.slice(2).split('/').reduce((part, key) => part[key.replaceAll('~1', '/').replaceAll('~0', '~')], document_);
  return found ?? {};
}

// The schema itself, without that it may be null.
function essence(schema, document_) {
  const choice = schema.oneOf?.find((one) => one.type !== 'null');
  return resolve(choice ?? schema, document_);
}

function isNullable(schema) {
  return Boolean(schema.oneOf?.some((one) => one.type === 'null')) || (Array.isArray(schema.type) && schema.type.includes('null'));
}

/** Such as `array of string or null`. */
export function typeName(schema, document_) {
  if (!schema) return 'anything';
  const found = essence(schema, document_);
  const plain = Array.isArray(found.type) ? found.type.filter((type) => type !== 'null').join(' or ') : found.type ?? 'object';
  const name = plain === 'array' ? `array of ${typeName(found.items, document_)}` : found.format && found.format !== 'int32' ? `${plain} (${found.format})` : plain;
  return isNullable(schema) || isNullable(found) ? `${name} or null` : name;
}

/** What a value must keep to, in a sentence; empty for nothing. */
export function bounds(schema) {
  if (!schema) return '';
  const said = [];
  const words = schema.enum ?? schema.items?.enum;
  if (words) said.push(`One of ${words.map((word) => `\`${word}\``).join(', ')}.`);
  if (schema.minimum !== undefined || schema.maximum !== undefined) said.push(`From ${schema.minimum ?? '…'} to ${schema.maximum ?? '…'}.`);
  if (schema.exclusiveMinimum !== undefined) said.push(`Above ${schema.exclusiveMinimum}.`);
  if (schema.minLength !== undefined && schema.maxLength !== undefined) said.push(`${schema.minLength} to ${schema.maxLength} characters.`);
  else if (schema.maxLength !== undefined) said.push(`Up to ${schema.maxLength} characters.`);
  if (schema.maxItems !== undefined) said.push(`At most ${schema.maxItems}.`);
  if (schema.pattern) said.push(`Matches \`${schema.pattern}\`.`);
  if (schema.default !== undefined) said.push(`Else \`${schema.default}\`.`);
  return said.join(' ');
}

/** The members of a schema, or what its elements have. */
export function schemaMembers(schema, document_) {
  const found = essence(schema, document_);
  const inner = found.type === 'array' || (Array.isArray(found.type) && found.type.includes('array')) ? essence(found.items ?? {}, document_) : found;
  if (!inner.properties) return found === inner && !found.description ? null : element('p', {}, ...inline([found.description, bounds(found)].filter(Boolean).join(' ')));
  return element('ul', { class: 'members' }, ...Object.entries(inner.properties).map(([name, member]) => memberEntry(name, member, inner, document_)));
}

function memberEntry(name, member, owner, document_) {
  const head = [
    element('code', { class: 'name', textContent: name }), ' ',
    element('span', { class: 'type', textContent: typeName(member, document_) }),
    owner.required?.includes(name) ? null : element('span', { class: 'optional', textContent: 'may be missing' }),
  ];
  const text = [member.description ?? member.oneOf?.find((one) => one.description)?.description, bounds(member)].filter(Boolean).join(' ');
  const told = text ? element('p', {}, ...inline(text)) : null;
  if (!hasMembers(member, document_)) return element('li', {}, element('p', {}, ...head), told);

  const details = element('details', {}, element('summary', {}, ...head));
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) details.append(schemaMembers(member, document_));
  });
  return element('li', {}, details, told);
}

function hasMembers(schema, document_) {
  const found = essence(schema, document_);
  return Boolean(found.properties ?? (found.items && essence(found.items, document_).properties));
}
