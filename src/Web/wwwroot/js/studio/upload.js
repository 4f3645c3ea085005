// One file on its way, by tus: what a lost connection, a restart of the server or a closed page interrupts goes on where it was.

import '../../lib/tus-js-client-4.3.1/tus.min.js';
import { ApiError, problem } from '../session/api.js';
import { session } from '../session/session.js';

// Of a line that comes and goes: the pauses between attempts that get on no further; any byte that gets through starts them anew.
const PAUSES_MS = [0, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000];

/**
 * Sends the file; `priority` is −1, 0 or 1; `begun(assetId)` is called when the server knows of it, `progress(share)` from 0 to 1.
 * Resolves to `{ assetId }`, rejects with an ApiError.
 */
export function upload(file, { title, priority, begun, progress, signal }) {
  return new Promise((resolve, reject) => {
    const sending = new globalThis.tus.Upload(file, {
      endpoint: '/api/uploads',
      metadata: { title, filename: file.name, filetype: file.type, ...(priority && { priority }) },
      retryDelays: PAUSES_MS,
      onShouldRetry: mayPass,
      removeFingerprintOnSuccess: true,
      // A token lives for minutes, an upload perhaps for hours.
      onBeforeRequest: async (request) => { request.setHeader('Authorization', `Bearer ${await session.token()}`); },
      onUploadUrlAvailable: () => begun(idOf(sending)),
      onProgress: (sent, all) => progress(all > 0 ? sent / all : 0),
      onSuccess: () => resolve({ assetId: idOf(sending) }),
      onError: (error) => reject(asApiError(error)),
    });
    signal.addEventListener('abort', () => {
      // What the server has of it goes too.
      sending.abort(true).catch(() => {});
      reject(new ApiError(0, 'cancelled', 'Cancelled.'));
    });
    begin(sending).catch((error) => reject(asApiError(error)));
  });
}

const idOf = ({ url }) => url.split('/').pop();

// As tus-js-client decides it, but for the browser's word that there is no line: that is when an upload has to wait, not to end.
function mayPass(error) {
  const status = error.originalResponse?.getStatus() ?? 0;
  return status < 400 || status >= 500 || status === 409 || status === 423;
}

/** A title to begin with: the file's name without its extension, with spaces where it had none. */
export function titleOf(fileName) {
  return fileName.replace(/\.[^.]{1,5}$/, '').replace(/[_.]+/g, ' ').trim() || 'Untitled';
}

// The same file, chosen again after the page was closed, goes on.
async function begin(sending) {
  const [earlier] = await sending.findPreviousUploads();
  if (earlier) sending.resumeFromPreviousUpload(earlier);
  sending.start();
}

function asApiError(error) {
  if (error.causingError instanceof ApiError) return error.causingError;
  const response = error.originalResponse;
  if (!response) return new ApiError(0, 'network', 'The connection was lost before the file had arrived.', 'Send it again: it goes on where it was.');
  let details = null;
  try {
    details = JSON.parse(response.getBody());
  } catch {
    // Not our server's words; the status has to do.
  }
  return problem(response.getStatus(), details);
}
