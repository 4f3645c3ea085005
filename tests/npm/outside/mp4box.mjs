// FILE…: what mp4box.js reads of CMAF files: their tracks, and every sample of every fragment; as JSON.
import { readFileSync } from 'node:fs';
import { createFile } from 'mp4box';

const read = path => new Promise((resolve, reject) => {
  const file = createFile();
  const bytes = readFileSync(path);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  buffer.fileStart = 0;
  file.onError = reject;
  file.onReady = info => {
    const [track] = info.tracks;
    const samples = file.getTrackSamplesInfo(track.id);
    const fragments = file.moofs ?? file.boxes.filter(box => box.type === 'moof');
    resolve({
      brands: info.brands,
      isFragmented: info.isFragmented,
      tracks: info.tracks.length,
      type: track.type,
      codec: track.codec,
      timescale: track.timescale,
      samples: samples.length,
      end: Math.max(...samples.map(sample => sample.cts + sample.duration)),
      syncSamples: samples.filter(sample => sample.is_sync).length,
      fragments: fragments.length,
    });
  };
  file.appendBuffer(buffer);
  file.flush();
});

console.log(JSON.stringify(await Promise.all(process.argv.slice(2).map(read))));
