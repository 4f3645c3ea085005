// An operation as a curl command that can be filled in.

import { resolve } from './schema.js';

/** Several lines for a POSIX shell. */
export function command(operation, document_) {
  const parts = [operation.method === 'head' ? 'curl -I' : operation.method === 'get' ? 'curl' : `curl -X ${operation.method.toUpperCase()}`];
  const query = (operation.parameters ?? []).filter((one) => one.in === 'query' && one.required).map((one) => `${one.name}=…`).join('&');
  parts.push(`'${location.origin}${operation.path}${query ? `?${query}` : ''}'`);
  const security = Object.keys(operation.security?.[0] ?? {});
  if (security.includes('accessToken')) parts.push('-H "Authorization: Bearer $token"');
  if (security.includes('refreshCookie')) parts.push('-b cookies.txt -c cookies.txt');
  for (const header of (operation.parameters ?? []).filter((one) => one.in === 'header' && (one.required || one.name === 'If-Match'))) parts.push(`-H '${header.name}: …'`);
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (type === 'application/json' && media.schema) parts.push(`-H 'Content-Type: ${type}'`, `-d '${JSON.stringify(example(media.schema, document_, 0))}'`);
  else if (type) parts.push(...(type === '*/*' ? [] : [`-H 'Content-Type: ${type}'`]), '--data-binary @file');
  return parts.join(' \\\n  ');
}

// What must be there, and where nothing must, everything that stands at the top.
function example(schema, document_, depth) {
  const found = resolve(schema.oneOf?.find((one) => one.type !== 'null') ?? schema, document_);
  if (found.enum) return found.enum[0];
  const type = Array.isArray(found.type) ? found.type.find((one) => one !== 'null') : found.type;
  switch (type) {
    case 'object': {
      const names = found.required?.length ? found.required : depth === 0 ? Object.keys(found.properties ?? {}) : [];
      return Object.fromEntries(names.map((name) => [name, example(found.properties[name], document_, depth + 1)]));
    }
    case 'array': return [example(found.items ?? {}, document_, depth + 1)];
    case 'integer': case 'number': return found.minimum ?? 0;
    case 'boolean': return true;
    default: return '…';
  }
}
