// Calls to the HTTP API (docs/formats/http-api.md). Every answer that is not a success becomes an ApiError.

const TIMEOUT_MS = 20_000;

/** A call that did not succeed: `status` (0 where no answer came), a stable `code`, a sentence, and perhaps a `hint`. */
export class ApiError extends Error {
  constructor(status, code, message, hint) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.hint = hint;
  }

  /** Whether asking again later may help. */
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The ApiError that an answer's status and problem details (RFC 9457) describe. */
export function problem(status, details) {
  const fallback = {
    401: ['unauthenticated', 'You are not signed in.'],
    403: ['forbidden', 'Your account may not do this.'],
    404: ['not_found', 'There is nothing here.'],
    413: ['too_large', 'The file is too large.'],
    429: ['too_many_requests', 'Too many attempts. Please wait a moment.'],
  }[status] ?? ['server', 'The server could not answer.'];
  // Where fields are wrong, what is wrong with each says more than the summary.
  const fields = Object.values(details?.errors ?? {}).flat().join(' ');
  return new ApiError(status, details?.code ?? fallback[0], fields || details?.detail || details?.title || fallback[1], details?.hint);
}

/**
 * Sends one request, with `json` or a `body` as it is, and returns the Response; rejects with an ApiError on anything but 2xx. Ends after 20 seconds, or,
 * with a `signal`, when the caller says so. `ifMatch` is the ETag of what is changed.
 */
export async function send(method, path, { token, json, body, signal, ifMatch, keepalive = false } = {}) {
  const headers = { Accept: 'application/json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  if (ifMatch) headers['If-Match'] = ifMatch;

  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: json === undefined ? body : JSON.stringify(json),
      credentials: 'same-origin',
      cache: 'no-store',
      keepalive,
      signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'network', 'The server cannot be reached.', 'Check your connection.');
  }
  if (!response.ok) throw problem(response.status, await response.json().catch(() => null));
  return response;
}
