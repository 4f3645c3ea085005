// One file on its way: XMLHttpRequest, because fetch does not say how much has been sent.

import { ApiError, problem } from '../session/api.js';
import { session } from '../session/session.js';

/** Sends the file; `progress(share)` is called from 0 to 1. Resolves to `{ assetId, bytes, sha256 }`, rejects with an ApiError. */
export async function upload(file, title, progress, signal) {
  const token = await session.token();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/uploads?${new URLSearchParams({ title, fileName: file.name })}`);
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () => (request.status === 201 ? resolve(request.response) : reject(problem(request.status, request.response)));
    request.onerror = () => reject(new ApiError(0, 'network', 'The connection was lost before the file had arrived.', 'Send it again.'));
    request.onabort = () => reject(new ApiError(0, 'cancelled', 'Cancelled.'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** A title to begin with: the file's name without its extension, with spaces where it had none. */
export function titleOf(fileName) {
  return fileName.replace(/\.[^.]{1,5}$/, '').replace(/[_.]+/g, ' ').trim() || 'Untitled';
}
