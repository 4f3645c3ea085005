// Other people's upload clients, against our server as they come.
//
// window.peer, for the tests:
//   send(client, file, token, options)  sends a file; resolves to { url, digest }, rejects with what the client says
//   sent                                the share of the file that the client believes to be sent, from 0 to 1

import Uppy from '@uppy/core';
import Tus from '@uppy/tus';
import * as tus from 'tus-js-client';

const endpoint = '/api/uploads';
const retryDelays = [0, 200, 400, 800, 1600, 3200, 6400];

const clients = {
  tus: (file, headers, options) => new Promise((resolve, reject) => {
    const upload = new tus.Upload(file, {
      endpoint,
      headers,
      retryDelays,
      // Its own way is to give up where the browser says that there is no line, which is a race with the line's coming back.
      onShouldRetry: (error) => { const status = error.originalResponse?.getStatus() ?? 0; return status < 400 || status >= 500 || status === 409 || status === 423; },
      metadata: { filename: file.name, filetype: file.type, title: `By ${options.protocol ?? 'tus'}` },
      onProgress: (sent, all) => { peer.sent = sent / all; },
      onSuccess: ({ lastResponse }) => resolve({ url: upload.url, digest: lastResponse?.getHeader('Repr-Digest') ?? null }),
      onError: reject,
      ...options,
    });
    upload.start();
  }),

  uppy: async (file, headers, options) => {
    const uppy = new Uppy().use(Tus, { endpoint, headers, retryDelays, ...options });
    uppy.on('progress', (percent) => { peer.sent = percent / 100; });
    uppy.addFile({ name: file.name, type: file.type, data: file, source: 'test' });
    const { successful, failed } = await uppy.upload();
    if (failed.length > 0) throw new Error(failed.map(({ error }) => error).join('; '));
    return { url: successful[0].uploadURL, digest: null };
  },
};

const peer = {
  sent: 0,
  send: (client, file, token, options) => clients[client](file, { Authorization: `Bearer ${token}` }, options),
};
window.peer = peer;
