import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { writeHeapSnapshot } from 'node:v8';

// Loaded into every server of the bench with --import: answers how much CPU and memory the process has used, from
// within, so that the server under test is the one that ships and the answer is exact on every system.
const collect = () => {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
};

const inspector = new Session();

process.on('message', async (what) => {
  if (what === 'profile') {
    inspector.connect();
    await inspector.post('Profiler.enable');
    await inspector.post('Profiler.setSamplingInterval', { interval: 500 });
    await inspector.post('Profiler.start');
    process.send?.({});
  } else if (what.startsWith('profile ')) {
    const { profile } = await inspector.post('Profiler.stop');
    inspector.disconnect();
    writeFileSync(what.slice('profile '.length), JSON.stringify(profile));
    process.send?.({});
  } else if (what.startsWith('heap ')) {
    collect();
    writeHeapSnapshot(what.slice('heap '.length));
    process.send?.({});
  } else if (what === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMs: (user + system) / 1000 });
  } else if (what === 'memory') {
    collect();
    // What a finaliser of the first pass let go is collected in the second.
    setTimeout(() => {
      collect();
      const { heapUsed, external, rss } = process.memoryUsage();
      process.send?.({ heapUsed, external, rss });
    }, 200);
  }
});
process.channel?.unref();
process.once('disconnect', () => process.exit(0));
